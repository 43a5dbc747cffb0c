// The terminal: what was asked for goes to standard output, everything said beside it to standard error.

import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

import { exitCodes } from "./exit-codes.ts";
import { Failure, wrongUsage } from "./failure.ts";

/** How wide text may run. */
export const columns = Math.min(process.stdout.columns || 80, 80);

/** What would move the cursor or turn the text around, should a name ever hold it. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text that somebody else wrote, as one harmless line. */
export function plain(foreign: string): string {
  return foreign.replace(unprintable, "�");
}

/** As `plain`, but for line breaks. */
function harmless(lines: string): string {
  return lines.split("\n").map(plain).join("\n");
}

/** What was asked for. */
export function say(lines: string): void {
  process.stdout.write(`${harmless(lines)}\n`);
}

/** The same as JSON; what is unprintable is written as JSON can write it. @param indent 0 for one line. */
export function sayJson(document: unknown, indent = 2): void {
  const escaped = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const lines = JSON.stringify(document, null, indent).split("\n");
  process.stdout.write(`${lines.map((line) => line.replace(unprintable, escaped)).join("\n")}\n`);
}

/** What is said beside it. */
export function remark(lines: string): void {
  process.stderr.write(`${harmless(lines)}\n`);
}

/** Whether somebody watches how far it is. */
export function isWatched(): boolean {
  return process.stderr.isTTY;
}

/** Says how far something is, on one line that the next one overwrites; not where nobody watches. */
export function showProgress(line: string): void {
  if (isWatched()) process.stderr.write(`\r\u001b[K${plain(line)}`);
}

export function endProgress(): void {
  showProgress("");
}

/** Whether there is somebody to ask. */
export function canAsk(): boolean {
  return process.stdin.isTTY;
}

/**
 * Asks for one line and shows nothing of it.
 * @throws Failure where there is no terminal, and when it was left with Ctrl-C or Ctrl-D.
 */
export async function askSecret(question: string): Promise<string> {
  if (!canAsk())
    throw wrongUsage("there is no terminal to ask on", "--password-file FILE; - is standard input");
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 });
  // Only now, when nothing that is typed is shown any more.
  process.stderr.write(`${question}: `);
  const stopped = new AbortController();
  prompt.on("SIGINT", () => stopped.abort());
  prompt.on("close", () => stopped.abort());
  try {
    return await prompt.question("", { signal: stopped.signal });
  } catch {
    throw new Failure("nothing was entered", "run the command again", exitCodes.stopped);
  } finally {
    prompt.close();
    process.stderr.write("\n");
  }
}
