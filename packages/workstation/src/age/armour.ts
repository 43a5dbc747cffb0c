// Armour: an age file as text, for mail and chat (c2sp.org/age, "ASCII armor"): strict PEM with lines of 64 characters.
// Read line by line, because age-encryption's own reader takes a whole file as one text.

import { WorkstationRefusal } from "../refusal.ts";
import { streamSource, type Source } from "./source.ts";

const begin = "-----BEGIN AGE ENCRYPTED FILE-----";
const end = "-----END AGE ENCRYPTED FILE-----";
const lineLength = 64;
/** No line is longer, and no more white space before the first. */
const longestLine = 1024;

function damaged(): WorkstationRefusal {
  return new WorkstationRefusal("file-damaged", { detail: "armour" });
}

function decodeLine(line: string): Buffer {
  const bytes = Buffer.from(line, "base64");
  if (line === "" || line.length > lineLength || bytes.toString("base64") !== line) throw damaged();
  return bytes;
}

/** Lines without their ends, LF or CRLF. */
async function* linesOf(source: Source): AsyncGenerator<string, void> {
  const buffer = Buffer.alloc(lineLength * 1024);
  let started = "";
  for (;;) {
    const filled = await source.fill(buffer);
    if (filled === 0) break;
    const lines = (started + buffer.toString("latin1", 0, filled)).split("\n");
    started = lines.pop() ?? "";
    if (started.length > longestLine) throw damaged();
    for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
  yield started;
}

async function* decodeArmour(source: Source): AsyncGenerator<Buffer, void> {
  let place: "before" | "within" | "last" | "after" = "before";
  for await (const line of linesOf(source)) {
    if (place === "before") {
      if (line.trimStart() === begin) place = "within";
      else if (line.trim() !== "") throw damaged();
    } else if (place === "after") {
      if (line.trim() !== "") throw damaged();
    } else if (line.trimEnd() === end) {
      place = "after";
    } else if (place === "last") {
      throw damaged();
    } else {
      if (line.length < lineLength || line.endsWith("=")) place = "last";
      yield decodeLine(line);
    }
  }
  if (place !== "after") throw damaged();
}

/** The age file itself, whether it came in armour or not. */
export async function withoutArmour(source: Source): Promise<Source> {
  const start = Buffer.alloc(longestLine);
  const seen = start.subarray(0, await source.fill(start));
  source.giveBack(seen);
  if (!seen.toString("latin1").trimStart().startsWith("-----BEGIN ")) return source;
  const decoded = streamSource(decodeArmour(source));
  return { ...decoded, close: () => source.close() };
}
