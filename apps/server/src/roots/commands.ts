// Makes an organisation's root, and every version that follows it. Each is signed by the root holder's key, so all of
// this waits while its file is away.

import { kidOf, readRoot, signRoot, walkRoots, type PublicJwk, type Root } from "@lockstep/keyfile";
import type { OrganisationId } from "@lockstep/core";

import { secondsOf } from "../clock.ts";
import type { Change, ContentChange } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { OperatorError } from "../db/operator-error.ts";
import { changeContents, type Writing } from "../facts/change.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { Refusal } from "../refusal.ts";
import { postKeyFiles, renewAllOrders, signKeyFilesAgain, signOrdersAgain } from "../updates/store.ts";
import type { HolderKey, RootHolder } from "./root-key-file.ts";
import { addMachineKey, addReplyKey, addSigningKey } from "./sealed-keys.ts";
import {
  findAhead,
  findNewestRoot,
  insertRoot,
  listSomeRoots,
  retireSigningKey,
  updateExportedAt,
  type SigningRole,
} from "./store.ts";

/** What a root is made with: what seals the keys that it names, and who signs it. */
export interface RootMaking {
  readonly keyEncryption: KeyEncryption;
  readonly rootHolder: RootHolder;
}

export interface RootEdit {
  /** The version that was looked at. */
  readonly revision: number;
}

/** What workstations are known to have seen, when it is more than the server remembers; 0 when nothing is known. */
export interface Seen {
  readonly epochSeen: number;
  readonly versionSeen: number;
}

const lifetimeSeconds = 2 * 365 * 24 * 60 * 60;
/** A Key-File carries at most 64 roots, so a workstation must not be led over more. */
const mostVersionsAhead = 50;
/** So many keys are named on after they were replaced. More boxes do not wait at a workstation for somebody to log in. */
const mostRetired = 8;

/** @throws Refusal root_key_missing, root_key_wrong. */
function holderKeyOf(rootHolder: RootHolder): HolderKey {
  try {
    const key = rootHolder.find();
    if (key === null) throw new Refusal("root_key_missing");
    return key;
  } catch (cause) {
    if (cause instanceof OperatorError) throw new Refusal("root_key_wrong", { cause });
    throw cause;
  }
}

/** Whether a root names a key as one of its holders'. */
export function isHeldBy(signed: string, { signer }: HolderKey): boolean {
  return readRoot(signed)?.roles.root.kids.includes(signer.kid) ?? false;
}

/** Whether a key has signed for the installation before, by some of its roots, or nobody has. */
export function isHolderOf(roots: readonly string[], key: HolderKey): boolean {
  return roots.length === 0 || roots.some((signed) => isHeldBy(signed, key));
}

/** One root of the organisation after another leads here, so none is stored that a workstation would not follow. */
function follow(former: Root, root: Root, { signer }: HolderKey): string {
  const signed = signRoot(root, signer);
  if (walkRoots(former, [signed])?.version !== root.version) throw new Error("the new root does not follow");
  return signed;
}

function expiryAt(at: Date): number {
  return secondsOf(at) + lifetimeSeconds;
}

const publicKey = (x: string): PublicJwk => ({ kty: "OKP", crv: "Ed25519", x });

function ringOf(role: PublicJwk): { readonly kids: string[]; readonly threshold: 1 } {
  return { kids: [kidOf(role)], threshold: 1 };
}

/**
 * The key that signs what a new organisation begins with.
 * @throws Refusal root_key_missing, root_key_wrong.
 */
export async function loadHolder(reader: Reader, rootHolder: RootHolder): Promise<HolderKey> {
  const holder = holderKeyOf(rootHolder);
  if (!isHolderOf(await listSomeRoots(reader), holder)) throw new Refusal("root_key_wrong");
  return holder;
}

/**
 * The first root of an organisation that is new, with all keys that it needs, in the transaction that makes it.
 * @throws Refusal root_key_missing, root_key_wrong.
 */
export async function makeRoot(change: Change, { keyEncryption, rootHolder }: RootMaking): Promise<void> {
  const holder = await loadHolder(change, rootHolder);
  const issuer = publicKey(await addSigningKey(change, keyEncryption, "issuer"));
  const pulse = publicKey(await addSigningKey(change, keyEncryption, "pulse"));
  await addReplyKey(change, keyEncryption);
  await addMachineKey(change, keyEncryption);
  const root: Root = {
    org: change.organisationId,
    version: 1,
    expires: expiryAt(change.at),
    epoch: 1,
    keys: Object.fromEntries([holder.jwk, issuer, pulse].map((jwk) => [kidOf(jwk), jwk])),
    roles: { root: ringOf(holder.jwk), issuer: ringOf(issuer), pulse: ringOf(pulse) },
    min_client: 1,
  };
  await insertRoot(change, { version: 1, epoch: 1, signed: signRoot(root, holder.signer) });
  change.record({ kind: "root-created" });
}

/**
 * Gives an organisation from before its root. Two servers that start at once take turns, and the second finds it done.
 * @throws Refusal root_key_missing, root_key_wrong.
 */
export async function ensureRoot(
  writing: Writing & RootMaking,
  organisationId: OrganisationId,
): Promise<void> {
  await changeContents(writing, organisationId, async (change) => {
    if ((await findNewestRoot(change, organisationId)) === undefined) await makeRoot(change, writing);
  });
}

/** @throws Refusal root_key_missing when the key was away since there are roots, so that it has none yet. */
async function loadUnchanged(change: Change, { revision }: RootEdit): Promise<Root> {
  const stored = await findNewestRoot(change, change.organisationId);
  if (stored !== undefined && stored.version !== revision) throw new Refusal("revision_changed");
  const root = stored === undefined ? null : readRoot(stored.signed);
  if (stored !== undefined && root === null) throw new Error("a stored root cannot be read");
  if (root === null) throw new Refusal("root_key_missing");
  return root;
}

interface Ceremony {
  readonly change: ContentChange;
  readonly former: Root;
  readonly holder: HolderKey;
}

/** What all versions after the first have in common: changes take turns, and the holder signs. */
async function sign(
  writing: Writing & RootMaking,
  organisationId: OrganisationId,
  edit: RootEdit,
  hold: (ceremony: Ceremony) => Promise<void>,
): Promise<void> {
  await changeContents(writing, organisationId, async (change) => {
    const former = await loadUnchanged(change, edit);
    const holder = holderKeyOf(writing.rootHolder);
    if (!former.roles.root.kids.includes(holder.signer.kid)) throw new Refusal("root_key_wrong");
    await hold({ change, former, holder });
  });
}

/**
 * A root of the old epoch beyond the version that a workstation has is one that it can never leave: versions may not be
 * skipped, and an epoch may not go down.
 * @throws Refusal server_behind.
 */
async function refuseWhileBehind(change: Change): Promise<void> {
  if ((await findAhead(change, change.organisationId)) !== null) throw new Refusal("server_behind");
}

/** Each version runs for two years from when it was signed. */
async function insertNext({ change, former, holder }: Ceremony, next: Partial<Root>): Promise<Root> {
  const version = former.version + 1;
  const root: Root = { ...former, ...next, version, expires: expiryAt(change.at) };
  await insertRoot(change, { version, epoch: root.epoch, signed: follow(former, root, holder) });
  return root;
}

/** The keys that have a role, after the last few of those that had one; each is given once, in the order of their making. */
function keysNamedBy(roles: Root["roles"], keys: readonly PublicJwk[]): Root["keys"] {
  const current = new Set(Object.values(roles).flatMap(({ kids }) => kids));
  const named = keys.map((jwk) => [kidOf(jwk), jwk] as const);
  const retired = named.filter(([kid]) => !current.has(kid)).slice(-mostRetired);
  return Object.fromEntries([...retired, ...named.filter(([kid]) => current.has(kid))]);
}

async function rotate(
  writing: Writing & RootMaking,
  organisationId: OrganisationId,
  { role, ...edit }: RootEdit & { readonly role: SigningRole },
): Promise<void> {
  await sign(writing, organisationId, edit, async (ceremony) => {
    const { change, former } = ceremony;
    await refuseWhileBehind(change);
    await retireSigningKey(change, role);
    const key = publicKey(await addSigningKey(change, writing.keyEncryption, role));
    const roles = { ...former.roles, [role]: ringOf(key) };
    const keys = keysNamedBy(roles, [...Object.values(former.keys), key]);
    const { version } = await insertNext(ceremony, { keys, roles });
    if (role === "issuer") {
      await signKeyFilesAgain(change);
      await signOrdersAgain(change);
    }
    change.record({ kind: `${role}-key-rotated`, detail: { version } });
  });
}

/**
 * A new key signs Key-Files and orders; what the former one signs is refused from the next root on. So whatever it has
 * signed and is not carried out yet is signed anew.
 * @throws Refusal root_key_missing, root_key_wrong, revision_changed, server_behind.
 */
export async function rotateIssuer(
  writing: Writing & RootMaking,
  organisationId: OrganisationId,
  edit: RootEdit,
): Promise<void> {
  await rotate(writing, organisationId, { ...edit, role: "issuer" });
}

/** A new key signs pulses; otherwise as `rotateIssuer`. */
export async function rotatePulse(
  writing: Writing & RootMaking,
  organisationId: OrganisationId,
  edit: RootEdit,
): Promise<void> {
  await rotate(writing, organisationId, { ...edit, role: "pulse" });
}

/**
 * Begins a new epoch, in which versions count from the server's own memory again: for a database that came from a backup.
 * Where workstations have seen later roots, it goes beyond the last of them, version by version.
 * @throws Refusal root_key_missing, root_key_wrong, revision_changed, malformed_request.
 */
export async function raiseEpoch(
  writing: Writing & RootMaking,
  organisationId: OrganisationId,
  { epochSeen, versionSeen, ...edit }: RootEdit & Seen,
): Promise<void> {
  await sign(writing, organisationId, edit, async (ceremony) => {
    const { change } = ceremony;
    let { former } = ceremony;
    const epoch = Math.max(former.epoch, epochSeen) + 1;
    const last = Math.max(former.version, versionSeen) + 1;
    if (last - former.version > mostVersionsAhead) {
      const detail = `versionSeen: at most ${former.version + mostVersionsAhead - 1}`;
      throw new Refusal("malformed_request", { detail });
    }
    while (former.version < last) former = await insertNext({ ...ceremony, former }, { epoch });
    // What was ordered since the backup is known to nobody here, so everybody is told anew what holds. What is held by
    // those who are ahead shows in no comparison: it is replaced whatever it is.
    await signKeyFilesAgain(change);
    const ahead = await renewAllOrders(change);
    await postKeyFiles(change, ahead);
    for (const userId of ahead) change.record({ kind: "key-file-posted", userId });
    change.record({ kind: "epoch-raised", detail: { epoch, version: last } });
  });
}

/**
 * Signs the root again as it is, for another two years.
 * @throws Refusal root_key_missing, root_key_wrong, revision_changed, server_behind.
 */
export async function renewRoot(
  writing: Writing & RootMaking,
  organisationId: OrganisationId,
  edit: RootEdit,
): Promise<void> {
  await sign(writing, organisationId, edit, async (ceremony) => {
    await refuseWhileBehind(ceremony.change);
    const { version } = await insertNext(ceremony, {});
    ceremony.change.record({ kind: "root-renewed", detail: { version } });
  });
}

/** Somebody has copied the key files to a safe place. @throws Refusal root_key_missing when there is no root yet. */
export async function confirmExport(writing: Writing, organisationId: OrganisationId): Promise<void> {
  await changeContents(writing, organisationId, async (change) => {
    const newest = await findNewestRoot(change, organisationId);
    if (newest === undefined) throw new Refusal("root_key_missing");
    await updateExportedAt(change, newest.version);
    change.record({ kind: "root-key-exported" });
  });
}
