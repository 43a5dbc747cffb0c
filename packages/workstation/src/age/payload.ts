// The payload of an age file from a source, and back, in constant memory.

import type { KeyObject } from "node:crypto";

import { chunkBytes, openChunk, sealChunk, sealedChunkBytes, type Place } from "@lockstep/keyfile";

import { WorkstationRefusal } from "../refusal.ts";
import { blocksOf, type Source } from "./source.ts";

/** So many chunks are read and written at once: enough to make system calls cheap, and few enough for the cache. */
const chunksInBlock = 16;

/** Buffers to be written one after another, and how many bytes of the source they stand for. */
export interface Piece {
  readonly parts: readonly Uint8Array[];
  readonly sourceBytes: number;
}

/** A chunk that is whole but not last where the file ends, or last where it goes on, is authentic all the same. */
function turned({ number, isLast }: Place): Place {
  return { number, isLast: !isLast };
}

/** Seals what is left of a source. */
export async function* sealPayload(source: Source, key: KeyObject): AsyncGenerator<Piece, void> {
  let number = 0;
  for await (const { bytes, isLast } of blocksOf(source, chunksInBlock * chunkBytes)) {
    const parts: Uint8Array[] = [];
    let from = 0;
    do {
      const chunk = bytes.subarray(from, from + chunkBytes);
      from += chunkBytes;
      const place = { number, isLast: isLast && from >= bytes.length };
      parts.push(...sealChunk(key, place, chunk));
      number += 1;
    } while (from < bytes.length);
    yield { parts, sourceBytes: bytes.length };
  }
}

/**
 * Opens what is left of a source. Every chunk that it gives is authentic, and so is their order; that none is missing is
 * certain only at the end.
 * @throws WorkstationRefusal `file-damaged` at the first chunk that is not.
 */
export async function* openPayload(source: Source, key: KeyObject): AsyncGenerator<Piece, void> {
  let number = 0;
  for await (const { bytes, isLast } of blocksOf(source, chunksInBlock * sealedChunkBytes)) {
    const parts: Uint8Array[] = [];
    let from = 0;
    do {
      const sealed = bytes.subarray(from, from + sealedChunkBytes);
      from += sealedChunkBytes;
      const place = { number, isLast: isLast && from >= bytes.length };
      const plain = openChunk(key, place, sealed);
      if (plain === null) {
        const misplaced = sealed.length === sealedChunkBytes && openChunk(key, turned(place), sealed);
        if (misplaced) parts.push(misplaced);
        yield { parts, sourceBytes: from - sealedChunkBytes };
        throw new WorkstationRefusal("file-damaged", { detail: `chunk ${number + 1}` });
      }
      parts.push(plain);
      number += 1;
    } while (from < bytes.length);
    yield { parts, sourceBytes: bytes.length };
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
