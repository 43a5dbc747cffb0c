// Issues and voids activation codes, and admits whoever used one.

import {
  dayOf,
  type ActivationId,
  type LicenceId,
  type OrganisationId,
  type UserId,
  type WorkstationId,
} from "@lockstep/core";
import {
  activationLink,
  digestOf,
  formatActivationCode,
  kidOf,
  newActivationSecret,
  newBoxKey,
  signOffer,
  type Join,
  type NoticeCode,
} from "@lockstep/keyfile";
import type { ActivationCode } from "@lockstep/api";
import { v7 as uuid } from "uuid";

import { secondsOf } from "../clock.ts";
import type { Change } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { changeFacts, type Writing } from "../facts/change.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { insertSeats, listLicences, loadLicence, lockLicences, type Licence } from "../licences/store.ts";
import { Refusal } from "../refusal.ts";
import type { SignersOf } from "../roots/signers.ts";
import { insertMailboxes } from "../sync/mailboxes/store.ts";
import { mailboxAddress } from "../sync/address.ts";
import { postKeyFiles } from "../updates/store.ts";
import { loadUser, lockPresentUsers, lockUndeletedUsers, type User } from "../users/store.ts";
import {
  codeSecretsOf,
  newActivationSecrets,
  sealActivationSecrets,
  sealCodeSecrets,
  type CodeSecrets,
} from "./secrets.ts";
import {
  endFormerActivation,
  insertActivation,
  insertActivationCode,
  listActivationCodes,
  lockActivationCode,
  recogniseWorkstation,
  updateCodeUsed,
  voidActivationCodes,
  type ActivationCodeId,
  type LockedCode,
} from "./store.ts";

export interface Issuing {
  readonly writing: Writing;
  readonly keyEncryption: KeyEncryption;
  readonly signersOf: SignersOf;
  /** Where workstations find the server's messages. */
  readonly relays: readonly string[];
}

export interface Issued {
  readonly code: string;
  readonly link: string;
  readonly relays: string[];
  readonly expiresAt: string;
  readonly hasTakenSeat: boolean;
}

const daySeconds = 86_400;

function isValid({ isSuspended, validFrom, validUntil }: Licence, today: string): boolean {
  return !isSuspended && validFrom <= today && (validUntil === null || validUntil >= today);
}

/**
 * The user holds a seat of a licence that is valid today; who has none takes one, of the licence that ends first.
 * @returns whether a seat was taken.
 * @throws Refusal licence_not_valid, seats_exhausted.
 */
async function ensureSeat(change: Change, { id: userId, licenceId }: User): Promise<boolean> {
  const today = dayOf(change.at);
  if (licenceId !== null) {
    if (!isValid(await loadLicence(change, change.organisationId, licenceId), today)) {
      throw new Refusal("licence_not_valid");
    }
    return false;
  }
  const valid = (await listLicences(change, change.organisationId)).filter((each) => isValid(each, today));
  for (const { id } of valid) {
    if (await takeSeat(change, id, userId)) return true;
  }
  throw new Refusal("seats_exhausted");
}

async function takeSeat(change: Change, licenceId: LicenceId, userId: UserId): Promise<boolean> {
  await lockLicences(change, [licenceId]);
  // Counted by a statement of its own, after the lock.
  const licence = await loadLicence(change, change.organisationId, licenceId);
  if (licence.seatsTaken >= licence.seats || !isValid(licence, dayOf(change.at))) return false;
  await insertSeats(change, licenceId, [userId]);
  change.record({ kind: "licence-assigned", userId, licenceId });
  return true;
}

/**
 * Issues a code and voids the one before. It can be used as soon as the relay has its offer.
 * @throws Refusal user_not_found, account_deleted, user_blocked, relay_missing, seats_exhausted, licence_not_valid.
 */
export async function issueActivationCode(
  { writing, keyEncryption, signersOf, relays }: Issuing,
  organisationId: OrganisationId,
  { userId, days }: { userId: UserId; days: number },
): Promise<Issued> {
  if (relays.length === 0) throw new Refusal("relay_missing");
  const code = newActivationSecret();
  const box = await newBoxKey("classic");
  const [codeId, activationId] = [uuid() as ActivationCodeId, uuid() as ActivationId];
  return changeFacts(writing, organisationId, async (change) => {
    await lockUndeletedUsers(change, [userId]);
    const user = await loadUser(change, organisationId, userId);
    if (user.blocked) throw new Refusal("user_blocked");
    const hasTakenSeat = await ensureSeat(change, user);
    const expiresAt = new Date(change.at.getTime() + days * daySeconds * 1000);
    const { issuer, rootsSince, root, machineKey } = await signersOf(change, organisationId);
    const offer = signOffer(
      {
        org: organisationId,
        act: activationId,
        iat: secondsOf(change.at),
        exp: secondsOf(expiresAt),
        // The newest alone: it is trusted because of the code.
        roots: [...rootsSince(root.version - 1)],
        box: box.recipient,
        relays: [...relays],
        machine_key: machineKey,
      },
      issuer,
    );
    const secrets = codeSecretsOf(code, { box: box.identity, offer, rootVersion: root.version });
    const sealed = await sealCodeSecrets(keyEncryption, { organisationId, codeId }, secrets);
    await insertActivationCode(change, {
      id: codeId,
      userId,
      expiresAt,
      offered: { activationId, ...sealed },
    });
    await insertMailboxes(change, { codeId }, await addressesOf(secrets));
    change.record({ kind: "activation-code-issued", userId });
    const text = formatActivationCode(code);
    return {
      code: text,
      link: activationLink({ code: text, relays }),
      relays: [...relays],
      expiresAt: expiresAt.toISOString(),
      hasTakenSeat,
    };
  });
}

async function addressesOf({
  down,
  up,
}: {
  down: string;
  up: string;
}): Promise<{ down: string; up: string }> {
  return { down: await mailboxAddress(down), up: await mailboxAddress(up) };
}

/** @throws Refusal user_not_found. */
export async function voidCode(
  writing: Writing,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<void> {
  await changeFacts(writing, organisationId, async (change) => {
    await lockPresentUsers(change, [userId]);
    if ((await voidActivationCodes(change, userId)) > 0) {
      change.record({ kind: "activation-code-voided", userId });
    }
  });
}

/** The codes that a user was ever given. @throws Refusal user_not_found. */
export async function gatherCodes(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<ActivationCode[]> {
  await loadUser(reader, organisationId, userId);
  return listActivationCodes(reader, organisationId, userId);
}

/** What a verified join asks for. */
export interface Joining {
  readonly codeId: ActivationCodeId;
  readonly join: Join;
  readonly rootVersion: number;
}

/** Why a code no longer admits anybody; null while it does. */
function closedBy({ usedAt, voidedAt, expiresAt }: LockedCode, at: Date): NoticeCode | null {
  if (usedAt !== null) return "code-already-used";
  if (voidedAt !== null) return "code-voided";
  return new Date(expiresAt) <= at ? "code-expired" : null;
}

/** Whether licence and account still allow it, asked in the transaction that admits. */
async function forbidden(change: Change, userId: UserId): Promise<NoticeCode | null> {
  await lockPresentUsers(change, [userId]);
  const { blocked, account, licenceId } = await loadUser(change, change.organisationId, userId);
  if (blocked || account === "deleted") return "account-blocked";
  if (licenceId === null) return "no-licence";
  const licence = await loadLicence(change, change.organisationId, licenceId);
  return isValid(licence, dayOf(change.at)) ? null : "no-licence";
}

/**
 * Admits the device of a verified join, once: of two devices that know the code, the first one. The same device asking
 * again is admitted still.
 * @returns null when it is admitted, or what to tell it.
 */
export async function admitDevice(
  { writing, keyEncryption }: Pick<Issuing, "writing" | "keyEncryption">,
  organisationId: OrganisationId,
  { codeId, join, rootVersion }: Joining,
): Promise<NoticeCode | null> {
  const device = kidOf(join.sign);
  return changeFacts(writing, organisationId, async (change) => {
    const code = await lockActivationCode(change, codeId);
    if (code === undefined) return "code-voided";
    if (code.device === device) return null;
    const { userId } = code;
    const closed = closedBy(code, change.at);
    if (closed === "code-already-used") {
      change.record({ kind: "code-reused", userId, detail: { workstation: join.facts.name } });
    }
    const refused = closed ?? (await forbidden(change, userId));
    if (refused !== null) return refused;
    await admit({ keyEncryption, change, code }, { device, join, rootVersion });
    return null;
  });
}

interface Admitting {
  readonly keyEncryption: KeyEncryption;
  readonly change: Change;
  readonly code: LockedCode;
}

async function admit(
  { keyEncryption, change, code }: Admitting,
  { device, join, rootVersion }: { device: string; join: Join; rootVersion: number },
): Promise<void> {
  const { organisationId } = change;
  const { userId, activationId } = code;
  const { name, machine, os, client, keystore } = join.facts;
  await updateCodeUsed(change, code.id, device);
  const workstationId = await recogniseWorkstation(change, {
    id: uuid() as WorkstationId,
    name,
    machineHash: machine,
  });
  await endFormerActivation(change, { userId, workstationId });
  const secrets = newActivationSecrets();
  const sealed = await sealActivationSecrets(keyEncryption, { organisationId, activationId }, secrets);
  const keys = { device, deviceX: join.sign.x, box: join.box, ordersBox: join.orders_box };
  await insertActivation(change, {
    id: activationId,
    userId,
    workstationId,
    device: { codeId: code.id, ...keys, ...sealed, os, client, keystore, rootVersion },
  });
  await insertMailboxes(change, { activationId }, await addressesOf(secrets));
  change.record({ kind: "workstation-activated", userId, detail: { workstation: name } });
  await postKeyFiles(change, [userId], { onlyTo: activationId });
  change.record({ kind: "key-file-posted", userId, detail: { workstation: name } });
}

/** What names an offer in the transcript of a join. */
export function offerHashOf({ offer }: Pick<CodeSecrets, "offer">): string {
  return digestOf(offer);
}
