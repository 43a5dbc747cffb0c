// Padding inside what is sealed: of a sealed object the relay sees one of four sizes and nothing finer.

/** The sizes of what is sealed, in bytes. */
export const paddedSizes = [4, 16, 64, 192].map((kibibytes) => kibibytes * 1024);

// A JWS has no space, so the end is where the spaces begin.
const space = 0x20;

/**
 * A JWS as bytes, with spaces up to the next size.
 * @throws RangeError when it is longer than the largest size.
 */
export function pad(jws: string): Uint8Array {
  const bytes = Buffer.from(jws, "latin1");
  const size = paddedSizes.find((each) => bytes.length <= each);
  if (size === undefined) throw new RangeError("too long for a box");
  return new Uint8Array(Buffer.concat([bytes, Buffer.alloc(size - bytes.length, space)]));
}

/** The JWS in a padded text, or null when its size is none of the four. */
export function unpad(bytes: Uint8Array): string | null {
  if (!paddedSizes.includes(bytes.length)) return null;
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === space) end -= 1;
  return Buffer.from(bytes.subarray(0, end)).toString("latin1");
}
