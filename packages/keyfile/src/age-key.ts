// Whether a text is an age key, without waiting for the library: Bech32 (BIP 173) with the prefixes and lengths of age.

const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;

/** BIP 173: 1 for a text whose checksum fits. */
function checksum(values: readonly number[]): number {
  let remainder = 1;
  for (const value of values) {
    const top = remainder >>> 25;
    remainder = ((remainder & 0x1ffffff) << 5) ^ value;
    generators.forEach((generator, bit) => {
      if ((top >>> bit) & 1) remainder ^= generator;
    });
  }
  return remainder;
}

/** Whether a lower-case text is `prefix`, 1, and so many bytes of content with their checksum. */
function isBech32(text: string, prefix: string, bytes: number): boolean {
  const characters = Math.ceil((bytes * 8) / 5) + 6;
  if (!text.startsWith(`${prefix}1`) || text.length !== prefix.length + 1 + characters) return false;
  const values = Array.from(text.slice(prefix.length + 1), (character) => alphabet.indexOf(character));
  if (values.includes(-1)) return false;
  const name = Array.from(prefix, (character) => character.charCodeAt(0));
  return checksum([...name.map((at) => at >> 5), 0, ...name.map((at) => at & 31), ...values]) === 1;
}

/** A public half, X25519 (`age1…`, 32 bytes) or hybrid with ML-KEM-768 (`age1pq1…`, 1,216 bytes), in lower case. */
export function isRecipient(text: string): boolean {
  return isBech32(text, "age", 32) || isBech32(text, "age1pq", 1216);
}

/** A secret half, X25519 (`AGE-SECRET-KEY-1…`) or hybrid (`AGE-SECRET-KEY-PQ-1…`), in upper case. */
export function isIdentity(text: string): boolean {
  if (text !== text.toUpperCase()) return false;
  const lower = text.toLowerCase();
  return isBech32(lower, "age-secret-key-", 32) || isBech32(lower, "age-secret-key-pq-", 32);
}
