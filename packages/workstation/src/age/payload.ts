// The payload of an age file from a source, and back, in constant memory.

import type { KeyObject } from "node:crypto";

import { chunkBytes, openChunk, sealChunk, sealedChunkBytes, type Place } from "@lockstep/keyfile";

import { WorkstationRefusal } from "../refusal.ts";
import { blocksOf, type Source } from "./source.ts";

/** So many chunks are read and written at once: enough to make system calls cheap, and few enough for the cache. */
const chunksInBlock = 16;

/** What is to be written next, and how many bytes of the source it stands for. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly sourceBytes: number;
}

/** Gives the room in which the next piece is made. */
export type Rooms = () => Buffer;

/** A room for each piece, which may be kept. */
export const newRooms: Rooms = () => Buffer.allocUnsafeSlow(chunksInBlock * sealedChunkBytes);

/** Two that take turns: a piece lasts until the next but one is made, and a file of any size needs no more memory. */
export function twoRooms(): Rooms {
  const rooms: Buffer[] = [];
  let turn = 0;
  return () => (rooms[turn++ % 2] ??= newRooms());
}

/** A chunk that is whole but not last where the file ends, or last where it goes on, is authentic all the same. */
function turned({ number, isLast }: Place): Place {
  return { number, isLast: !isLast };
}

/** Puts buffers into a room one after another. */
class Filling {
  readonly #room: Buffer;
  #filled = 0;

  constructor(room: Buffer) {
    this.#room = room;
  }

  /** @param bytes what node:crypto gave; nobody uses it afterwards. */
  add(bytes: Buffer): void {
    this.#room.set(bytes, this.#filled);
    this.#filled += bytes.length;
    const { buffer } = bytes;
    // Given back at once, and still in the cache when the next one is made there. As garbage it would wait to be collected,
    // which takes longer than the cipher does.
    const isAlone = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length;
    if (isAlone && bytes.length > 0) buffer.transfer(0);
  }

  get bytes(): Buffer {
    return this.#room.subarray(0, this.#filled);
  }
}

/** Seals what is left of a source. */
export async function* sealPayload(
  source: Source,
  key: KeyObject,
  rooms: Rooms,
): AsyncGenerator<Piece, void> {
  let number = 0;
  for await (const { bytes, isLast } of blocksOf(source, chunksInBlock * chunkBytes)) {
    const filling = new Filling(rooms());
    let from = 0;
    do {
      const chunk = bytes.subarray(from, from + chunkBytes);
      from += chunkBytes;
      const place = { number, isLast: isLast && from >= bytes.length };
      for (const part of sealChunk(key, place, chunk)) filling.add(part);
      number += 1;
    } while (from < bytes.length);
    yield { bytes: filling.bytes, sourceBytes: bytes.length };
  }
}

/**
 * Opens what is left of a source. Every chunk that it gives is authentic, and so is their order; that none is missing is
 * certain only at the end.
 * @throws WorkstationRefusal `file-damaged` at the first chunk that is not.
 */
export async function* openPayload(
  source: Source,
  key: KeyObject,
  rooms: Rooms,
): AsyncGenerator<Piece, void> {
  let number = 0;
  for await (const { bytes, isLast } of blocksOf(source, chunksInBlock * sealedChunkBytes)) {
    const filling = new Filling(rooms());
    let from = 0;
    do {
      const sealed = bytes.subarray(from, from + sealedChunkBytes);
      from += sealedChunkBytes;
      const place = { number, isLast: isLast && from >= bytes.length };
      const plain = openChunk(key, place, sealed);
      if (plain === null) {
        const misplaced = sealed.length === sealedChunkBytes && openChunk(key, turned(place), sealed);
        if (misplaced) filling.add(misplaced);
        yield { bytes: filling.bytes, sourceBytes: from - sealedChunkBytes };
        throw new WorkstationRefusal("file-damaged", { detail: `chunk ${number + 1}` });
      }
      filling.add(plain);
      number += 1;
    } while (from < bytes.length);
    yield { bytes: filling.bytes, sourceBytes: bytes.length };
  }
}

/** Where the first and the last chunk of a payload of so many bytes begin and end, for whoever checks only these. */
export function edgesOf(payloadBytes: number): readonly (Place & { from: number; until: number })[] {
  const last = Math.max(0, Math.ceil(payloadBytes / sealedChunkBytes) - 1);
  return [...new Set([0, last])].map((number) => {
    const from = number * sealedChunkBytes;
    return { number, isLast: number === last, from, until: Math.min(from + sealedChunkBytes, payloadBytes) };
  });
}

/** Whether one chunk is authentic in its place. */
export function isAuthentic(key: KeyObject, sealed: Buffer, place: Place): boolean {
  return openChunk(key, place, sealed) !== null;
}
