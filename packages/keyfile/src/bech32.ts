// Bech32 (BIP 173), as age writes its keys: a prefix, 1, the bytes at five bits a character, and a checksum. Of any length,
// which BIP 173 limits and age does not.

const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/** The digit of each ASCII character, −1 for what is none. */
const digits = Int8Array.from({ length: 128 }, (_, code) => alphabet.indexOf(String.fromCharCode(code)));
const checksumLength = 6;

const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
/** What the five bits that leave the remainder come back as. */
const returns = Int32Array.from({ length: 32 }, (_, top) =>
  generators.reduce((sum, generator, bit) => ((top >>> bit) & 1 ? sum ^ generator : sum), 0),
);

function checksum(prefix: string, values: Uint8Array): number {
  const name = Array.from(prefix, (character) => character.charCodeAt(0));
  let remainder = 1;
  const take = (value: number) => {
    remainder = ((remainder & 0x1ffffff) << 5) ^ value ^ (returns[remainder >>> 25] ?? 0);
  };
  for (const code of name) take(code >> 5);
  take(0);
  for (const code of name) take(code & 31);
  for (const value of values) take(value);
  return remainder;
}

/** Regroups bits, from so many in a number to so many; what is left over at the end is filled up with zeros. */
function regrouped(values: Uint8Array, from: number, to: number): Uint8Array {
  const groups = new Uint8Array(Math.ceil((values.length * from) / to));
  let count = 0;
  let held = 0;
  let bits = 0;
  for (const value of values) {
    held = ((held << from) | value) & 0xffff;
    bits += from;
    for (; bits >= to; bits -= to) groups[count++] = (held >>> (bits - to)) & ((1 << to) - 1);
  }
  if (bits > 0) groups[count] = (held << (to - bits)) & ((1 << to) - 1);
  return groups;
}

/** Bytes as lower-case text. */
export function encodeBech32(prefix: string, bytes: Uint8Array): string {
  const values = new Uint8Array([...regrouped(bytes, 8, 5), ...new Uint8Array(checksumLength)]);
  const remainder = checksum(prefix, values) ^ 1;
  for (let at = 1; at <= checksumLength; at++)
    values[values.length - at] = (remainder >>> (5 * (at - 1))) & 31;
  return `${prefix}1${Array.from(values, (value) => alphabet[value]).join("")}`;
}

/** So many bytes from a lower-case text with this prefix, or null for any other text. */
export function decodeBech32(text: string, prefix: string, byteCount: number): Buffer | null {
  const characters = Math.ceil((byteCount * 8) / 5) + checksumLength;
  const start = prefix.length + 1;
  if (!text.startsWith(`${prefix}1`) || text.length !== start + characters) return null;
  const values = new Uint8Array(characters);
  for (let at = 0; at < characters; at++) {
    const digit = digits[text.charCodeAt(start + at)] ?? -1;
    if (digit < 0) return null;
    values[at] = digit;
  }
  if (checksum(prefix, values) !== 1) return null;
  const groups = regrouped(values.subarray(0, -checksumLength), 5, 8);
  // BIP 173: what fills up the last character is zero, so that each key has one text.
  if (groups.subarray(byteCount).some((rest) => rest !== 0)) return null;
  return Buffer.from(groups.subarray(0, byteCount));
}
