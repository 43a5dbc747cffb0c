// How far it is: a bar for bytes, a clock for waiting. Only a terminal gets to see them.

import { endOf, sizeOf, widthOf } from "./layout.ts";
import { columns, endProgress, isWatched, showProgress } from "./terminal.ts";

const barWidth = 20;

/** One line in the width of the terminal: what is worked on, a bar, and the bytes. */
export function barLine(name: string, doneBytes: number, totalBytes: number): string {
  const part = totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
  const full = Math.floor(part * barWidth);
  const bar = `[${"#".repeat(full)}${" ".repeat(barWidth - full)}]`;
  const amount = `${String(Math.floor(part * 100)).padStart(3)} %  ${sizeOf(doneBytes)} of ${sizeOf(totalBytes)}`;
  const ending = `${bar} ${amount}`;
  // The last column stays free: some terminals break the line there.
  return `${endOf(name, columns - 3 - widthOf(ending))}  ${ending}`;
}

const redrawMilliseconds = 100;

/** A bar over several files. */
export class Bar {
  readonly #totalBytes: number;
  #doneBytes = 0;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(totalBytes: number) {
    this.#totalBytes = totalBytes;
  }

  /** So much of the file in hand is done. */
  show(name: string, fileBytes: number): void {
    if (performance.now() - this.#drawnAt < redrawMilliseconds) return;
    this.#drawnAt = performance.now();
    showProgress(barLine(name, this.#doneBytes + fileBytes, this.#totalBytes));
  }

  /** A file is done with. */
  add(fileBytes: number): void {
    this.#doneBytes += fileBytes;
  }

  end(): void {
    endProgress();
  }
}

/** Shows for how long something is being waited for, each second, until it has come. */
export async function waiting<Result>(
  line: (seconds: number) => string,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!isWatched()) return work();
  const since = performance.now();
  const draw = () => showProgress(line(Math.floor((performance.now() - since) / 1000)));
  const clock = setInterval(draw, 1000);
  try {
    return await work();
  } finally {
    clearInterval(clock);
    endProgress();
  }
}
