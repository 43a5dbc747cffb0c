// JSON with one reading only. Two parsers that disagree on a duplicate name or a big number would see two different
// objects under one signature, so everything that JSON leaves open is refused: see docs/key-file-format.md.

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** Bytes of one JSON text at most. */
export const jsonSizeBytes = 192 * 1024;
/** Objects and arrays within each other at most; a value that is neither has depth 0. */
export const jsonDepth = 16;

/** Why a text was not read, and at which character. */
export class StrictJsonError extends SyntaxError {
  readonly at: number;
  constructor(problem: string, at: number) {
    super(`${problem} at character ${at}`);
    this.name = "StrictJsonError";
    this.at = at;
  }
}

/** A text that is being read; `at` is the next character. */
interface Cursor {
  readonly text: string;
  at: number;
}

const space = /[ \t\n\r]*/y;
const wholeNumber = /-?(?:0|[1-9][0-9]*)(?![0-9.eE])/y;
// RFC 8259 §7. Unrolled, so that a long string costs no backtracking.
const quoted = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const words: readonly (readonly [string, Json])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

function take(cursor: Cursor, pattern: RegExp): string | null {
  pattern.lastIndex = cursor.at;
  const [found] = pattern.exec(cursor.text) ?? [];
  if (found === undefined) return null;
  cursor.at += found.length;
  return found;
}

/** Whether the next character, spaces aside, is this one; it is then taken. */
function takes(cursor: Cursor, character: string): boolean {
  take(cursor, space);
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at += 1;
  return true;
}

function readString(cursor: Cursor): string {
  const start = cursor.at;
  const token = take(cursor, quoted);
  if (token === null) throw new StrictJsonError("expected a string", start);
  const text = JSON.parse(token) as string;
  // RFC 7493 §2.1: half a surrogate pair is no character.
  if (!text.isWellFormed()) throw new StrictJsonError("half a surrogate pair", start);
  return text;
}

function readNumber(cursor: Cursor): number {
  const start = cursor.at;
  const token = take(cursor, wholeNumber);
  if (token === null) throw new StrictJsonError("expected a whole number", start);
  const number = Number(token);
  if (!Number.isSafeInteger(number) || Object.is(number, -0)) {
    throw new StrictJsonError("a number that not every reader reads alike", start);
  }
  return number;
}

function readArray(cursor: Cursor, depth: number): Json[] {
  const values: Json[] = [];
  if (takes(cursor, "]")) return values;
  do values.push(readValue(cursor, depth));
  while (takes(cursor, ","));
  if (!takes(cursor, "]")) throw new StrictJsonError("expected , or ]", cursor.at);
  return values;
}

function readObject(cursor: Cursor, depth: number): JsonObject {
  const members: Record<string, Json> = {};
  if (takes(cursor, "}")) return members;
  do {
    take(cursor, space);
    const start = cursor.at;
    const name = readString(cursor);
    if (Object.hasOwn(members, name)) throw new StrictJsonError("a name that was given before", start);
    // An assignment to it would set the prototype and no member.
    if (name === "__proto__") throw new StrictJsonError("a name that is not allowed", start);
    if (!takes(cursor, ":")) throw new StrictJsonError("expected :", cursor.at);
    members[name] = readValue(cursor, depth);
  } while (takes(cursor, ","));
  if (!takes(cursor, "}")) throw new StrictJsonError("expected , or }", cursor.at);
  return members;
}

function readValue(cursor: Cursor, depth: number): Json {
  take(cursor, space);
  const next = cursor.text[cursor.at];
  if (next === "{" || next === "[") {
    if (depth === jsonDepth) throw new StrictJsonError("nested too deeply", cursor.at);
    cursor.at += 1;
    return next === "{" ? readObject(cursor, depth + 1) : readArray(cursor, depth + 1);
  }
  if (next === '"') return readString(cursor);
  for (const [word, value] of words) {
    if (!cursor.text.startsWith(word, cursor.at)) continue;
    cursor.at += word.length;
    return value;
  }
  return readNumber(cursor);
}

/**
 * The value of a JSON text (RFC 8259) in UTF-8 without a byte order mark. Refused beyond the grammar: more than
 * 192 KiB, depth above 16, duplicate names, fractions, exponents, −0, integers from 2^53 on, lone surrogates, `__proto__`.
 * @throws StrictJsonError for everything that is refused.
 */
export function parseStrictJson(bytes: Uint8Array): Json {
  if (bytes.length > jsonSizeBytes) throw new StrictJsonError("too long", jsonSizeBytes);
  let text: string;
  try {
    // `ignoreBOM` keeps a byte order mark, and the grammar refuses it then.
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new StrictJsonError("not UTF-8", 0);
  }
  const cursor = { text, at: 0 };
  const value = readValue(cursor, 0);
  take(cursor, space);
  if (cursor.at !== text.length) throw new StrictJsonError("expected the end", cursor.at);
  return value;
}
