// Encrypting and decrypting what comes as a stream.

import { openAge, sealAge } from "../age/age.ts";
import { sealHead, type Keys, type Lock } from "../age/head.ts";
import { newRooms, type Piece } from "../age/payload.ts";
import { streamSource, type Source } from "../age/source.ts";

export type { Keys, Lock };

async function* bytesOf(pieces: AsyncIterable<Piece>, source: Source): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const { bytes } of pieces) yield bytes;
  } finally {
    await source.close();
  }
}

/**
 * Encrypts a stream, in constant memory.
 * @throws RangeError for no recipients, and for one that is none.
 */
export async function* encryptStream(
  plain: AsyncIterable<Uint8Array>,
  lock: Lock,
): AsyncGenerator<Uint8Array, void> {
  const head = await sealHead(lock);
  const source = streamSource(plain);
  yield* bytesOf(sealAge(source, head, newRooms), source);
}

/**
 * Decrypts a stream, in constant memory. What it gives is authentic; that nothing is missing is known only when it has
 * ended without a refusal, so nothing may be done with the bytes before.
 * @throws WorkstationRefusal `not-encrypted`, `key-missing`, `passphrase-needed`, `passphrase-wrong` or `file-damaged`;
 * RangeError for an identity that is none.
 */
export async function* decryptStream(
  sealed: AsyncIterable<Uint8Array>,
  keys: Keys,
): AsyncGenerator<Uint8Array, void> {
  const source = streamSource(sealed);
  yield* bytesOf(openAge(source, keys, newRooms), source);
}
