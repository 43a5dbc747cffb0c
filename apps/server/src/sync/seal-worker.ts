// A thread that seals: the work of a posting that takes longest.

import { parentPort } from "node:worker_threads";

import { digestOf, sealBox } from "@lockstep/keyfile";

import type { SealAnswer, SealOrder } from "./sealer.ts";

parentPort?.on("message", ({ number, jws, recipient }: SealOrder) => {
  const answer = (given: SealAnswer) => parentPort?.postMessage(given);
  sealBox(jws, recipient).then(
    (box) => answer({ number, box, hash: digestOf(box) }),
    (cause: unknown) => answer({ number, failure: String(cause) }),
  );
});
