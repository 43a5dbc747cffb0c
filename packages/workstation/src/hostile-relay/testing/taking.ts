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

/**
 * It answers nothing that the server remembers: either it is very old, or the database came from a backup, whose keys for
 * the device may be ones that it dropped long ago. What is of an epoch before the server's is replaced already.
 */
export function takeForeign(activation: Activation, report: Report, epoch: number): void {
  activation.box = report.next_box ?? activation.box;
  activation.ordersBox = report.next_orders_box ?? activation.ordersBox;
  const { applied } = report;
  if (applied === null || applied.epoch < epoch) return;
  if (oursAs(activation, applied) === undefined) activation.isAhead = true;
}

/** What this server has posted as that Key-File, with these bytes. */
function oursAs(
  { updates }: Activation,
  { epoch, ver, kf_hash }: NonNullable<Report["applied"]>,
): Update | undefined {
  return updates.find((each) => each.epoch === epoch && each.version === ver && each.hash === kf_hash);
}

function isBefore(update: Update, { epoch, ver }: NonNullable<Report["applied"]>): boolean {
  return update.epoch < epoch || (update.epoch === epoch && update.version < ver);
}

function takeApplied(activation: Activation, applied: NonNullable<Report["applied"]>): void {
  const { epoch, ver: version, kf_hash: hash } = applied;
  const ours = oursAs(activation, applied);
  if (ours === undefined) {
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
