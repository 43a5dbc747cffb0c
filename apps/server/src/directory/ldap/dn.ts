// Distinguished names (RFC 4514): what an entry and those above it are called.

import { remembering } from "../remembering.ts";

/** One level of a name: its attributes, as in OU=Pilots. The type is in lower case. */
interface Level {
  readonly type: string;
  readonly value: string;
}

const hexPair = /^[0-9a-fA-F]{2}$/;

/** Of levels; RFC 2253 §4 has people read semicolons too. */
const separators = ",;";

/** Where the next character of some stands outside of escapes and quotes; the length if nowhere. */
function endOf(text: string, from: number, ends: string): number {
  let isQuoted = false;
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\\") at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && ends.includes(character)) return at;
  }
  return text.length;
}

function pieces(text: string, ends: string): string[] {
  const found: string[] = [];
  for (let at = 0; at <= text.length;) {
    const end = endOf(text, at, ends);
    found.push(text.slice(at, end));
    at = end + 1;
  }
  return found;
}

/** RFC 4514 §3: an escaped character, or the two hexadecimal digits of an octet of UTF-8. */
function unescaped(value: string): string {
  const octets: Buffer[] = [];
  for (let at = 0; at < value.length;) {
    const pair = value.slice(at + 1, at + 3);
    if (value.charAt(at) !== "\\") {
      const character = String.fromCodePoint(value.codePointAt(at) ?? 0);
      octets.push(Buffer.from(character));
      at += character.length;
    } else if (hexPair.test(pair)) {
      octets.push(Buffer.from(pair, "hex"));
      at += 3;
    } else {
      octets.push(Buffer.from(value.slice(at + 1, at + 2)));
      at += 2;
    }
  }
  return Buffer.concat(octets).toString("utf8");
}

function valueOf(written: string): string {
  const trimmed = written.replace(/^\s+/, "").replace(/(?<!\\)\s+$/, "");
  const quoted = /^"(.*)"$/s.exec(trimmed)?.[1];
  return unescaped(quoted ?? trimmed);
}

/** From the entry up to the root of the tree. Of a level with several attributes the first counts. */
export function levelsOf(dn: string): Level[] {
  if (dn.trim() === "") return [];
  return pieces(dn, separators).map((level) => {
    const [first = ""] = pieces(level, "+");
    const equals = endOf(first, 0, "=");
    return { type: first.slice(0, equals).trim().toLowerCase(), value: valueOf(first.slice(equals + 1)) };
  });
}

/** Tells of an entry the names of what stands between a base and it, from the base down; itself is not among them. */
export function unitsBelow(base: string): (dn: string) => readonly string[] {
  const baseLevels = levelsOf(base).length;
  const unitsIn = remembering((parent) => {
    const levels = levelsOf(parent);
    return levels
      .slice(0, Math.max(0, levels.length - baseLevels))
      .map(({ value }) => value)
      .reverse();
  });
  return (dn) => unitsIn(dn.slice(endOf(dn, 0, separators) + 1));
}
