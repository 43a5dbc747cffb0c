// Seals boxes and opens reports on all cores. Threads start when there is something to do and end when there has been
// nothing for a while.

import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

import type { BoxIdentities, VerifiedReport } from "@lockstep/keyfile";

export interface SealedBox {
  readonly box: Uint8Array;
  /** What a rejection names it by. */
  readonly hash: string;
}

/** A box that came in, and whose it says to be by the mailbox that it lay in. */
export interface SentReport {
  readonly org: string;
  readonly act: string;
  /** The public half of the device's signing key. */
  readonly deviceX: string;
  /** The box, as base64url. */
  readonly body: string;
}

/** What came out of a box; null if it did not open, a word if it is no report of this device. */
export type OpenedReport = VerifiedReport | "signature" | "content" | "recipient" | null;

/** What threads are asked for, and what each answers with. */
export interface Work {
  readonly seal: { asked: { jws: string; recipient: string }; answered: SealedBox };
  readonly open: {
    asked: { identities: BoxIdentities; sent: readonly SentReport[] };
    answered: readonly OpenedReport[];
  };
}

export type Order = {
  [Kind in keyof Work]: { readonly number: number; readonly kind: Kind; readonly asked: Work[Kind]["asked"] };
}[keyof Work];

export type Answer = { readonly number: number } & (
  { readonly answered: Work[keyof Work]["answered"] } | { readonly failure: string }
);

const idleMilliseconds = 10_000;

export class Boxes {
  readonly #threads: Worker[] = [];
  readonly #waiting = new Map<number, PromiseWithResolvers<never>>();
  #next = 0;
  #idle: NodeJS.Timeout | undefined;

  /** @throws Error when the recipient is none, or the text too large. */
  async seal(jws: string, recipient: string): Promise<SealedBox> {
    return this.#ask("seal", { jws, recipient });
  }

  /** Opens boxes and verifies the reports in them, one answer for each. @throws Error for identities that are none. */
  async open(identities: BoxIdentities, sent: readonly SentReport[]): Promise<readonly OpenedReport[]> {
    return this.#ask("open", { identities, sent });
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    await Promise.all(this.#threads.splice(0).map((thread) => thread.terminate()));
  }

  async #ask<Kind extends keyof Work>(
    kind: Kind,
    asked: Work[Kind]["asked"],
  ): Promise<Work[Kind]["answered"]> {
    clearTimeout(this.#idle);
    const number = this.#next++;
    // Whatever a thread answers to a number is what was asked under it.
    const waiting = Promise.withResolvers<never>();
    this.#waiting.set(number, waiting);
    this.#thread(number).postMessage({ number, kind, asked });
    return waiting.promise;
  }

  #thread(number: number): Worker {
    const place = number % availableParallelism();
    return (this.#threads[place] ??= this.#start());
  }

  #start(): Worker {
    const thread = new Worker(new URL("./boxes-worker.ts", import.meta.url));
    thread.on("message", (answer: Answer) => this.#answered(answer));
    void once(thread, "error").then(([cause]: unknown[]) => this.#failed(cause));
    thread.unref();
    return thread;
  }

  #answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.number);
    this.#waiting.delete(answer.number);
    if ("failure" in answer) waiting?.reject(new Error(answer.failure));
    else waiting?.resolve(answer.answered as never);
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
