// What the server of the model makes of a report, once its place in the chain is judged.

import type { Report } from "@lockstep/keyfile";

import type { Activation, Update } from "./database.ts";

/** What it holds, and where it is to be sealed to from now on. */
export function takeState(activation: Activation, report: Report): void {
  activation.lastSeq = report.rseq;
  activation.box = report.next_box ?? activation.box;
  activation.ordersBox = report.next_orders_box ?? activation.ordersBox;
  if (report.applied !== null) takeApplied(activation, report.applied);
}

function isBefore(update: Update, { epoch, ver }: NonNullable<Report["applied"]>): boolean {
  return update.epoch < epoch || (update.epoch === epoch && update.version < ver);
}

function takeApplied(activation: Activation, applied: NonNullable<Report["applied"]>): void {
  const { epoch, ver: version, kf_hash: hash } = applied;
  const ours = activation.updates.find((each) => each.epoch === epoch && each.version === version);
  if (ours?.hash !== hash) {
    activation.isAhead = true;
    return;
  }
  activation.applied = { epoch, version, hash };
  activation.rootVersion = Math.max(activation.rootVersion, ours.rootVersion);
  for (const update of activation.updates) {
    if (update.state !== "posted") continue;
    if (update === ours) update.state = "processed";
    else if (isBefore(update, applied)) update.state = "superseded";
  }
}

/** What it did and what it refused; protocol §6: a rejection is of the outstanding update that was in that very box. */
export function takeResults(activation: Activation, report: Report): void {
  for (const result of report.results) {
    const command = "order" in result && activation.commands.find(({ id }) => id === result.order);
    if (command) command.state = "processed";
  }
  for (const { blob_hash } of report.rejected) {
    const update = activation.updates.find(({ boxes }) => boxes.includes(blob_hash));
    const isOutstanding = update?.state === "posted";
    if (isOutstanding) update.state = "rejected";
    if (isOutstanding || activation.orders?.boxes.includes(blob_hash) === true) activation.isAhead = true;
  }
}
