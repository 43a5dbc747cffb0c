// A thread that seals and opens: what takes longest of a posting, and of taking reports.

import { parentPort } from "node:worker_threads";

import { boxOpener, digestOf, sealBox, verifyReport } from "@lockstep/keyfile";

import type { Answer, OpenedReport, Order, SealedBox, Work } from "./boxes.ts";

async function seal({ jws, recipient }: Work["seal"]["asked"]): Promise<SealedBox> {
  const box = await sealBox(jws, recipient);
  return { box, hash: digestOf(box) };
}

function open({ identities, sent }: Work["open"]["asked"]): OpenedReport[] {
  const opened = boxOpener(identities);
  return sent.map(({ body, org, act, deviceX }) => {
    const { jws } = opened(Buffer.from(body, "base64url"));
    return jws === null ? null : verifyReport(jws, { org, act }, { kty: "OKP", crv: "Ed25519", x: deviceX });
  });
}

async function answeredTo(order: Order): Promise<Work[keyof Work]["answered"]> {
  return order.kind === "seal" ? seal(order.asked) : open(order.asked);
}

parentPort?.on("message", (order: Order) => {
  const { number } = order;
  const answer = (given: Answer) => parentPort?.postMessage(given);
  answeredTo(order).then(
    (answered) => answer({ number, answered }),
    (cause: unknown) => answer({ number, failure: String(cause) }),
  );
});
