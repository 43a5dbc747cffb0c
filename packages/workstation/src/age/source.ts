// Where bytes come from, a file or a stream, in blocks of one size.

import { readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";

/** Bytes in order, taken in amounts of the reader's choice. */
export interface Source {
  /** Fills the buffer, and leaves a rest of it free only at the end. @returns the number of bytes filled. */
  readonly fill: (buffer: Uint8Array) => Promise<number>;
  /** Takes back the bytes filled last: the next `fill` gives them again. */
  readonly giveBack: (bytes: Uint8Array) => void;
  readonly close: () => Promise<void>;
}

/**
 * A file from its beginning. It stays open: whoever opened it closes it. It is read by this thread, since the system reads
 * ahead by itself, and a third thread beside the one that writes slows down a machine with two cores.
 */
export function fileSource(handle: FileHandle): Source {
  let position = 0;
  return {
    fill: (buffer) => {
      let filled = 0;
      while (filled < buffer.length) {
        const bytesRead = readSync(handle.fd, buffer, filled, buffer.length - filled, position);
        if (bytesRead === 0) break;
        filled += bytesRead;
        position += bytesRead;
      }
      return Promise.resolve(filled);
    },
    giveBack: (bytes) => {
      position -= bytes.length;
    },
    close: () => Promise.resolve(),
  };
}

/** A stream. Closing it early destroys the stream. */
export function streamSource(stream: AsyncIterable<Uint8Array>): Source {
  const iterator = stream[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array(0);
  return {
    fill: async (buffer) => {
      let filled = 0;
      while (filled < buffer.length) {
        if (held.length === 0) {
          const next = await iterator.next();
          if (next.done === true) break;
          held = next.value;
        }
        const piece = held.subarray(0, buffer.length - filled);
        buffer.set(piece, filled);
        filled += piece.length;
        held = held.subarray(piece.length);
      }
      return filled;
    },
    giveBack: (bytes) => {
      held = Buffer.concat([bytes, held]);
    },
    close: async () => {
      await iterator.return?.();
      // Where nothing has been read yet, the iterator leaves the stream open.
      if (stream instanceof Readable) stream.destroy();
    },
  };
}

export interface Block {
  /** As many as asked for, and fewer only in the last block. Valid until the next block is taken. */
  readonly bytes: Buffer;
  readonly isLast: boolean;
}

/**
 * What is left of a source, in blocks; an empty one gives one empty block. One byte more than a block is read, which says
 * whether another follows, and begins it.
 */
export async function* blocksOf(source: Source, blockBytes: number): AsyncGenerator<Block, void> {
  const buffer = Buffer.allocUnsafeSlow(blockBytes + 1);
  for (let held = 0; ; held = 1) {
    held += await source.fill(buffer.subarray(held));
    const isLast = held <= blockBytes;
    yield { bytes: buffer.subarray(0, Math.min(held, blockBytes)), isLast };
    if (isLast) return;
    buffer.copyWithin(0, blockBytes);
  }
}
