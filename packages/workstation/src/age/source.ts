// Where bytes come from, a file or a stream, read ahead in blocks of one size.

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

/** A file from its beginning. It stays open: whoever opened it closes it. */
export function fileSource(handle: FileHandle): Source {
  let position = 0;
  return {
    fill: async (buffer) => {
      let filled = 0;
      while (filled < buffer.length) {
        const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position);
        if (bytesRead === 0) break;
        filled += bytesRead;
        position += bytesRead;
      }
      return filled;
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
 * What is left of a source, in blocks; an empty one gives one empty block. While a block is worked on, the one after the
 * next is being read: three buffers take turns, however long the source is.
 */
export async function* blocksOf(source: Source, blockBytes: number): AsyncGenerator<Block, void> {
  const spare: Buffer[] = [];
  const read = (): Promise<Buffer> => {
    const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(blockBytes);
    const filling = source.fill(buffer).then((filled) => buffer.subarray(0, filled));
    // Somebody may stop taking blocks while this one is under way, and then nobody hears that it failed.
    filling.catch(() => undefined);
    return filling;
  };
  let bytes = await read();
  let ahead = bytes.length === blockBytes ? read() : null;
  while (ahead !== null) {
    const following = await ahead;
    if (following.length === 0) break;
    ahead = following.length === blockBytes ? read() : null;
    yield { bytes, isLast: false };
    spare.push(bytes);
    bytes = following;
  }
  yield { bytes, isLast: true };
}
