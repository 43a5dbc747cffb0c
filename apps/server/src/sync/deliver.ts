// Puts at the relay whatever it does not have yet: offers, Key-Files, orders, pulses; takes back what was cancelled and
// closes what nobody needs. Everything may be interrupted anywhere and is done again.

import type { OrganisationId } from "@lockstep/core";
import { sealOffer } from "@lockstep/keyfile";

import { openActivationSecrets, openCodeSecrets } from "../activations/secrets.ts";
import type { Clock } from "../clock.ts";
import type { Transaction } from "../db/database.ts";
import { changeFacts } from "../facts/change.ts";
import { renewOrders, updateUpdateState } from "../updates/store.ts";
import { apart } from "./apart.ts";
import {
  findCodeSecrets,
  listCodesToClose,
  listOffersDue,
  listOffersToWithdraw,
  updateCodeAtRelay,
  type Code,
} from "./codes/store.ts";
import {
  composeKeyFiles,
  composeOrders,
  composePulses,
  type Composing,
  type SignedKeyFile,
} from "./compose.ts";
import { opening, type Connection } from "./connection.ts";
import { inParallel } from "./parallel.ts";
import type { Boxes } from "./boxes.ts";
import { putAll, type Place, type Sent } from "./putting.ts";
import {
  listCancelsDue,
  listKeyFilesDue,
  listOrdersDue,
  listPulsesDue,
  recordComposed,
  recordOrders,
  renumberKeyFiles,
  renumberOrders,
  updateDelivered,
  updateOrdersDelivered,
  updatePulses,
  type Delivered,
} from "./store.ts";
import { writingOf } from "./writing.ts";

export interface Delivering extends Composing {
  readonly connection: Connection;
  readonly boxes: Boxes;
  readonly clock: Clock;
  /** Something is wrong with one organisation or mailbox, and the others go on. */
  readonly onFailure: (error: unknown) => void;
  /** Told to stop, it does so after what it has begun. */
  readonly signal?: AbortSignal | undefined;
}

const batch = 500;
const atOnce = 16;
/** A workstation that hears nothing for a day is told that all is well. */
const pulseEveryMilliseconds = 20 * 60 * 60 * 1000;

const rounds = [
  deliverOffers,
  withdrawOffers,
  deliverKeyFiles,
  deliverOrders,
  takeBackCancelled,
  deliverPulses,
  closeCodes,
];

/** @returns how much was done. @throws whatever the relay's client throws; what was done stays done. */
export async function deliver(delivering: Delivering): Promise<number> {
  let done = 0;
  for (const round of rounds) {
    for (let some = 1; some > 0 && delivering.signal?.aborted !== true; done += some) {
      some = await round(delivering);
    }
  }
  return done;
}

/** The rows of each organisation by themselves: a transaction stays in one. @returns for how many rows it was done. */
async function eachOrganisation<Row extends { readonly organisationId: OrganisationId }>(
  delivering: Delivering,
  rows: readonly Row[],
  work: (organisationId: OrganisationId, those: readonly Row[]) => Promise<void>,
): Promise<number> {
  let done = 0;
  for (const [organisationId, those] of Map.groupBy(rows, (row) => row.organisationId)) {
    if (await apart(delivering, () => work(organisationId, those))) done += those.length;
  }
  return done;
}

/** Several at a time. @returns for how many it was done. */
async function eachApart<Row>(
  delivering: Delivering,
  rows: readonly Row[],
  work: (row: Row) => Promise<void>,
): Promise<number> {
  let done = 0;
  await inParallel(rows, atOnce, async (row) => {
    if (await apart(delivering, () => work(row))) done++;
  });
  return done;
}

async function mailboxesOf({ keyEncryption, connection }: Delivering, code: Code) {
  const secrets = await openCodeSecrets(keyEncryption, code, code);
  const down = await connection.mailbox(secrets.down, "down");
  return { secrets, down, up: await connection.mailbox(secrets.up, "up") };
}

async function deliverOffers(delivering: Delivering): Promise<number> {
  const { database, clock } = delivering;
  const due = await database.read((reader) => listOffersDue(reader, batch));
  return eachApart(delivering, due, async (code) => {
    const { secrets, down, up } = await mailboxesOf(delivering, code);
    await up.open();
    await down.open();
    const sealed = sealOffer(secrets.offer, Buffer.from(secrets.offerKey, "base64url"));
    const { seq } = await down.put(down.slotOf("offer"), sealed);
    await database.transaction((transaction) =>
      updateCodeAtRelay(transaction, code, { mark: "offered", at: clock(), seq }),
    );
  });
}

async function withdrawOffers(delivering: Delivering): Promise<number> {
  const { database, clock } = delivering;
  const due = await database.read((reader) => listOffersToWithdraw(reader, batch));
  return eachApart(delivering, due, async (code) => {
    const { down } = await mailboxesOf(delivering, code);
    const { offerSeq } = code;
    if (offerSeq !== null) await opening(down, () => down.withdraw(offerSeq)).catch(ifGone);
    await database.transaction((transaction) =>
      updateCodeAtRelay(transaction, code, { mark: "withdrawn", at: clock() }),
    );
  });
}

/** What the relay no longer has need not be taken back. */
function ifGone(error: unknown): { fetched: boolean } {
  if (error instanceof Error && "code" in error && error.code === "parcel_not_found")
    return { fetched: true };
  throw error;
}

async function closeCodes(delivering: Delivering): Promise<number> {
  const { database, clock, connection } = delivering;
  const due = await database.read((reader) => listCodesToClose(reader, batch));
  return eachApart(delivering, due, async (code) => {
    const { down, up } = await mailboxesOf(delivering, code);
    for (const { address } of [down, up]) {
      await connection.account.close(address).catch((error: unknown) => {
        if (!(error instanceof Error && "code" in error && error.code === "mailbox_not_found")) throw error;
      });
    }
    await database.transaction((transaction) =>
      updateCodeAtRelay(transaction, code, { mark: "closed", at: clock() }),
    );
  });
}

async function deliverKeyFiles(delivering: Delivering): Promise<number> {
  const { database } = delivering;
  const due = await database.read((reader) => listKeyFilesDue(reader, batch));
  return eachOrganisation(delivering, due, async (organisationId, those) => {
    await deliverKeyFilesOf(
      delivering,
      organisationId,
      await composeKeyFiles(delivering, organisationId, those),
    );
  });
}

async function deliverKeyFilesOf(
  delivering: Delivering,
  organisationId: OrganisationId,
  signed: readonly SignedKeyFile[],
): Promise<void> {
  const { database, boxes, clock, connection } = delivering;
  const sealed = await Promise.all(
    signed.map(async (each) => ({
      ...each,
      ...(await boxes.seal(each.jws, each.recipient)),
      jwsHash: each.hash,
    })),
  );
  const record = async (transaction: Transaction) => {
    const composed = sealed.map(({ due, epoch, rootVersion, jwsHash, hash, workstationContentId }) => {
      const hashes = { keyFileHash: jwsHash, boxHash: hash };
      return { updateId: due.updateId, epoch, rootVersion, ...hashes, workstationContentId };
    });
    const recorded = await recordComposed(transaction, organisationId, composed);
    const others = composed.filter(({ updateId }) => !recorded.has(updateId));
    await renumberKeyFiles(
      transaction,
      organisationId,
      others.map(({ updateId }) => updateId),
    );
    return recorded;
  };
  const allowed = await database.transaction(record, { lockedOrganisation: organisationId });
  const delivered: Delivered[] = [];
  const sent: (Sent & Omit<Delivered, "seq">)[] = [];
  const mayGo = sealed.filter(({ due }) => allowed.has(due.updateId));
  await inParallel(mayGo, atOnce, async (each) => {
    const place = await placeOfKeyFile(delivering, each);
    sent.push({ ...place, body: each.box, updateId: each.due.updateId, keyFileHash: each.jwsHash });
  });
  const putting = putAll(connection, sent, ({ updateId, keyFileHash }, seq) =>
    delivered.push({ updateId, keyFileHash, seq }),
  );
  // Also of a round that the relay has cut short: what it has need not go out again.
  await putting.finally(() =>
    database.transaction((transaction) =>
      updateDelivered(transaction, organisationId, { delivered, at: clock() }),
    ),
  );
}

/** Until a device has reported it knows no mailbox but its code's, where it waits for its answer. */
async function placeOfKeyFile(delivering: Delivering, { due, secrets }: SignedKeyFile): Promise<Place> {
  const { database, keyEncryption, connection } = delivering;
  const down = await connection.mailbox(secrets.down, "down", due.down);
  if (due.hasReported) return { mailbox: down, slot: down.slotOf("key-file") };
  await down.open();
  await (await connection.mailbox(secrets.up, "up")).open();
  const code = await database.read((reader) => findCodeSecrets(reader, due.organisationId, due.codeId));
  if (code === undefined) throw new Error("an activation has the code that it came from");
  const answers = await connection.mailbox((await openCodeSecrets(keyEncryption, code, code)).down, "down");
  return { mailbox: answers, slot: answers.slotOf({ answerTo: due.device }) };
}

async function deliverOrders(delivering: Delivering): Promise<number> {
  const { database, boxes, connection } = delivering;
  const due = await database.read((reader) => listOrdersDue(reader, batch));
  return eachOrganisation(delivering, due, async (organisationId, those) => {
    const signed = await composeOrders(delivering, organisationId, those);
    await inParallel(signed, atOnce, async ({ due: each, secrets, jws, hash, recipient, ...rest }) => {
      const { workstationContentId } = rest;
      const { box } = await boxes.seal(jws, recipient);
      const mayPut = await database.transaction(async (transaction) => {
        const recorded = await recordOrders(transaction, each, hash);
        if (!recorded) await renumberOrders(transaction, each);
        return recorded;
      });
      if (!mayPut) return;
      const down = await connection.mailbox(secrets.down, "down", each.down);
      const { seq } = await opening(down, () => down.put(down.slotOf("orders"), box));
      await database.transaction((transaction) =>
        updateOrdersDelivered(transaction, each, { seq, workstationContentId }),
      );
    });
  });
}

async function takeBackCancelled(delivering: Delivering): Promise<number> {
  const { database, keyEncryption, connection } = delivering;
  const due = await database.read((reader) => listCancelsDue(reader, batch));
  const writing = writingOf(delivering);
  return eachApart(delivering, due, async (each) => {
    const { organisationId, seq, updateId, userId } = each;
    const secrets = await openActivationSecrets(keyEncryption, each, each);
    const down = await connection.mailbox(secrets.down, "down", each.down);
    const fetched = seq !== null && (await opening(down, () => down.withdraw(seq)).catch(ifGone)).fetched;
    await changeFacts(writing, organisationId, async (change) => {
      await updateUpdateState(change, { id: updateId, userId }, fetched ? "fetched" : "cancelled");
      if (fetched) return;
      if (each.kind !== "key-file") await renewOrders(change, each.activationId);
      change.record({ kind: "update-cancelled", userId });
    });
  });
}

async function deliverPulses(delivering: Delivering): Promise<number> {
  const { database, boxes, connection, clock } = delivering;
  const at = clock();
  const before = new Date(at.getTime() - pulseEveryMilliseconds);
  const due = await database.read((reader) => listPulsesDue(reader, { before, limit: batch }));
  return eachOrganisation(delivering, due, async (organisationId, those) => {
    const signed = await composePulses(delivering, organisationId, { due: those, at });
    // Before they go out, so that the nonce of none is unknown.
    await database.transaction((transaction) =>
      updatePulses(transaction, organisationId, {
        activations: those.map(({ activationId }) => activationId),
        at,
      }),
    );
    const sealed = signed.map(async ({ due: each, secrets, jws, recipient }) => {
      const mailbox = await connection.mailbox(secrets.down, "down", each.down);
      const { box: body } = await boxes.seal(jws, recipient);
      return { mailbox, slot: mailbox.slotOf("pulse"), body };
    });
    await putAll(connection, await Promise.all(sealed), () => undefined);
  });
}
