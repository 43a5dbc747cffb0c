// The terminal: what was asked for goes to standard output, everything said beside it to standard error.

import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import { Writable } from "node:stream";
import { styleText } from "node:util";

import { Failure } from "./failure.ts";

/** How wide text may run. */
export const columns = Math.min(process.stdout.columns || 100, 100);

/** What would move the cursor or turn the text around, should a name ever hold it. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text that somebody else wrote, as one harmless line. */
export function plain(foreign: string): string {
  return foreign.replace(unprintable, "�");
}

/** As `plain`, but for line breaks and colours. */
function harmless(lines: string): string {
  const ours = /(\n|\u001b\[\d\dm)/;
  return lines
    .split(ours)
    .map((part) => (ours.test(part) ? part : plain(part)))
    .join("");
}

export type Colour = "light grey" | "dark grey" | "blue" | "red" | "orange" | "purple" | "green";

const inks = {
  "light grey": "gray",
  "dark grey": "gray",
  blue: "blue",
  red: "red",
  orange: "yellow",
  purple: "magenta",
  green: "green",
} as const;

/** Coloured if standard output is a terminal that wants it (https://no-color.org). */
export function painted(colour: Colour, word: string): string {
  return styleText(inks[colour], word);
}

/** What was asked for. */
export function say(lines: string): void {
  process.stdout.write(`${harmless(lines)}\n`);
}

/** The same document, with what is unprintable written as JSON can write it. */
export function sayJson(document: unknown): void {
  const escaped = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const lines = JSON.stringify(document, null, 2).split("\n");
  process.stdout.write(`${lines.map((line) => line.replace(unprintable, escaped)).join("\n")}\n`);
}

/** What is said beside it. */
export function remark(lines: string): void {
  process.stderr.write(`${harmless(lines)}\n`);
}

/** Says how far something is, on one line that the next one overwrites; not where nobody watches. */
export function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
}

export function endProgress(): void {
  showProgress("");
}

/** Everything on standard input. */
async function readAll(): Promise<string> {
  return text(process.stdin);
}

/** Several, one after the other; if standard input is no terminal, a line of it for each. */
export async function askSecrets(questions: readonly string[]): Promise<string[]> {
  if (!process.stdin.isTTY) return (await readAll()).split(/\r?\n/).slice(0, questions.length);
  const answers: string[] = [];
  for (const question of questions) answers.push(await askSecret(question));
  return answers;
}

/** Asks for one line and shows nothing of it; if standard input is no terminal, reads it from there. */
export async function askSecret(question: string): Promise<string> {
  if (!process.stdin.isTTY) return (await readAll()).trim();
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 });
  // Only now, when nothing that is typed is shown any more.
  process.stderr.write(`${question}: `);
  const stopped = new AbortController();
  prompt.on("SIGINT", () => stopped.abort());
  prompt.on("close", () => stopped.abort());
  try {
    return (await prompt.question("", { signal: stopped.signal })).trim();
  } catch {
    throw new Failure("nothing was entered", "run the command again");
  } finally {
    prompt.close();
    process.stderr.write("\n");
  }
}
