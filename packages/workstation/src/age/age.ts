// Standard age v1 files: any age program opens ours, and we open theirs.

import { withoutArmour } from "./armour.ts";
import { openHead, type Head, type Keys } from "./head.ts";
import { openPayload, sealPayload, type Piece, type Rooms } from "./payload.ts";
import type { Source } from "./source.ts";

/** Encrypts a source: the head, which is for this file only, and then what is sealed under it. */
export async function* sealAge(
  source: Source,
  { bytes, key }: Head,
  rooms: Rooms,
): AsyncGenerator<Piece, void> {
  yield { bytes, sourceBytes: 0 };
  yield* sealPayload(source, key, rooms);
}

/** Decrypts a source, in armour or not. */
export async function* openAge(source: Source, keys: Keys, rooms: Rooms): AsyncGenerator<Piece, void> {
  const age = await withoutArmour(source);
  yield* openPayload(age, await openHead(age, keys), rooms);
}
