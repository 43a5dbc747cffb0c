// Seals boxes on all cores. Threads start when there is something to seal and end when there has been nothing for a while.

import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

export interface SealOrder {
  readonly number: number;
  readonly jws: string;
  readonly recipient: string;
}

export type SealAnswer =
  | { readonly number: number; readonly box: Uint8Array; readonly hash: string }
  | { readonly number: number; readonly failure: string };

export interface SealedBox {
  readonly box: Uint8Array;
  /** What a rejection names it by. */
  readonly hash: string;
}

const idleMilliseconds = 10_000;

export class Sealer {
  readonly #threads: Worker[] = [];
  readonly #waiting = new Map<number, PromiseWithResolvers<SealedBox>>();
  #next = 0;
  #idle: NodeJS.Timeout | undefined;

  /** @throws Error when the recipient is none, or the text too large. */
  async seal(jws: string, recipient: string): Promise<SealedBox> {
    clearTimeout(this.#idle);
    const number = this.#next++;
    const waiting = Promise.withResolvers<SealedBox>();
    this.#waiting.set(number, waiting);
    this.#thread(number).postMessage({ number, jws, recipient } satisfies SealOrder);
    return waiting.promise;
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    await Promise.all(this.#threads.splice(0).map((thread) => thread.terminate()));
  }

  #thread(number: number): Worker {
    const place = number % availableParallelism();
    return (this.#threads[place] ??= this.#start());
  }

  #start(): Worker {
    const thread = new Worker(new URL("./seal-worker.ts", import.meta.url));
    thread.on("message", (answer: SealAnswer) => this.#answered(answer));
    void once(thread, "error").then(([cause]: unknown[]) => this.#failed(cause));
    thread.unref();
    return thread;
  }

  #answered(answer: SealAnswer): void {
    const waiting = this.#waiting.get(answer.number);
    this.#waiting.delete(answer.number);
    if ("failure" in answer) waiting?.reject(new Error(answer.failure));
    else waiting?.resolve(answer);
    if (this.#waiting.size > 0) return;
    this.#idle = setTimeout(() => void this.stop(), idleMilliseconds);
    this.#idle.unref();
  }

  #failed(cause: unknown): void {
    this.#threads.length = 0;
    for (const waiting of this.#waiting.values()) waiting.reject(cause);
    this.#waiting.clear();
  }
}
