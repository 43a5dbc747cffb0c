// Reads what has come in at the relay: joins and reports, and that something was fetched. A parcel is dropped there only
// once what it says is committed here, and what is read a second time changes nothing.

import type { ActivationId, OrganisationId } from "@lockstep/core";
import {
  kidOf,
  openBox,
  sealBox,
  signNotice,
  verifyJoin,
  type Join,
  type NoticeCode,
} from "@lockstep/keyfile";

import { admitDevice, offerHashOf } from "../activations/commands.ts";
import { openActivationSecrets, openCodeSecrets, proofOf, type CodeSecrets } from "../activations/secrets.ts";
import { secondsOf } from "../clock.ts";
import { changeFacts } from "../facts/change.ts";
import { apart } from "./apart.ts";
import { findCodeSecrets, type Code } from "./codes/store.ts";
import { opening, type SharedMailbox } from "./connection.ts";
import type { Delivering } from "./deliver.ts";
import { listMailboxes, updateMailboxesRead, type Mailbox } from "./mailboxes/store.ts";
import { inParallel } from "./parallel.ts";
import { readReports } from "./reports/read.ts";
import { findActivationOfCode, markFetched } from "./store.ts";
import { writingOf } from "./writing.ts";

const atOnce = 16;

/**
 * Reads the news of the account after a number, and all that they speak of.
 * @param wait how many seconds to wait for some.
 * @returns the number of the newest one that was read.
 */
export async function receive(
  delivering: Delivering,
  { after, wait }: { after: number; wait: number },
): Promise<number> {
  const { connection, database, signal } = delivering;
  let last = after;
  for (let more = true, waiting = wait; more && signal?.aborted !== true; waiting = 0) {
    const page = await connection.account.news({ after: last, wait: waiting }, signal);
    const ours = await database.read((reader) =>
      listMailboxes(
        reader,
        page.news.map(({ mailbox }) => mailbox),
      ),
    );
    await Promise.all([
      readReports(delivering, ours),
      inParallel(ours, atOnce, async (mailbox) => {
        await apart(delivering, () => readMailbox(delivering, mailbox));
      }),
    ]);
    last = page.news.at(-1)?.news ?? last;
    more = page.more;
  }
  return last;
}

/** Whatever is no workstation's queue. */
async function readMailbox(delivering: Delivering, mailbox: Mailbox): Promise<void> {
  const { organisationId, direction, address, codeId, activationId, material, kekVersion } = mailbox;
  const { connection, database, keyEncryption } = delivering;
  if (codeId !== null) {
    const code = await database.read((reader) => findCodeSecrets(reader, organisationId, codeId));
    if (code === undefined) return;
    const secrets = await openCodeSecrets(keyEncryption, code, code);
    const shared = await connection.mailbox(secrets[direction], direction, address);
    if (direction === "up")
      await readJoins(delivering, { mailbox, shared }, joinTaker(delivering, code, secrets));
    else await readFetched(delivering, shared, await ofCode(delivering, code));
    return;
  }
  if (activationId === null || material === null || kekVersion === null || direction === "up") return;
  const whose = { organisationId, activationId };
  const secrets = await openActivationSecrets(keyEncryption, whose, { material, kekVersion });
  await readFetched(delivering, await connection.mailbox(secrets.down, direction, address), whose);
}

interface Queue {
  readonly mailbox: Mailbox;
  readonly shared: SharedMailbox;
}

/** Takes parcel after parcel. Asking after the last one tells the relay to drop those before. */
async function readJoins(
  { database }: Delivering,
  { mailbox: { address, lastSeq }, shared }: Queue,
  take: (body: Uint8Array) => Promise<void>,
): Promise<void> {
  for (let after = lastSeq; ;) {
    const { parcels } = await opening(shared, () => shared.fetch({ after }));
    const last = parcels.at(-1)?.seq;
    if (last === undefined) return;
    for (const { body } of parcels) await take(body);
    after = last;
    await database.transaction((transaction) => {
      updateMailboxesRead(transaction, [{ address, seq: last }]);
      return Promise.resolve();
    });
  }
}

interface Whose {
  readonly organisationId: OrganisationId;
  readonly activationId: ActivationId;
}

async function ofCode(
  { database }: Delivering,
  { organisationId, codeId }: Code,
): Promise<Whose | undefined> {
  const activationId = await database.read((reader) => findActivationOfCode(reader, organisationId, codeId));
  return activationId === undefined ? undefined : { organisationId, activationId };
}

async function readFetched(
  delivering: Delivering,
  shared: SharedMailbox,
  whose: Whose | undefined,
): Promise<void> {
  if (whose === undefined) return;
  const { parcels } = await opening(shared, () => shared.state());
  const fetched = parcels.filter((parcel) => parcel.fetched).map(({ seq }) => seq);
  if (fetched.length === 0) return;
  await changeFacts(writingOf(delivering), whose.organisationId, (change) =>
    markFetched(change, whose.activationId, fetched),
  );
}

function joinTaker(delivering: Delivering, code: Code, secrets: CodeSecrets) {
  return async (body: Uint8Array): Promise<void> => {
    const { jws } = await openBox(body, { current: secrets.box });
    if (jws === null) return;
    const proof = proofOf(secrets, offerHashOf(secrets));
    const join = verifyJoin(jws, { org: code.organisationId, act: code.activationId }, proof);
    // Whoever made it did not know the code, or it is no join: nobody to answer.
    if (typeof join === "string") return;
    const { organisationId, codeId } = code;
    const signers = await delivering.database.snapshot((snapshot) =>
      delivering.signersOf(snapshot, organisationId),
    );
    const { rootVersion } = secrets;
    const refused = await admitDevice(
      { writing: writingOf(delivering), keyEncryption: delivering.keyEncryption },
      organisationId,
      { codeId, join, rootVersion },
    );
    if (refused === null) return;
    const notice = signNotice(noticeTo(join, refused, delivering.clock()), signers.issuer);
    const down = await delivering.connection.mailbox(secrets.down, "down");
    const slot = down.slotOf({ answerTo: kidOf(join.sign) });
    const sealed = await sealBox(notice, join.box);
    await opening(down, () => down.put(slot, sealed));
  };
}

function noticeTo({ org, act, sign }: Join, code: NoticeCode, at: Date) {
  return { org, act, dev: kidOf(sign), iat: secondsOf(at), code };
}
