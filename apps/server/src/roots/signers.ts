// What signs and opens for an organisation, opened once and kept in memory for as long as its root is the same.

import type { OrganisationId } from "@lockstep/core";
import {
  signerOf,
  signingKeyFrom,
  trustRoots,
  type BoxIdentities,
  type Root,
  type Signer,
} from "@lockstep/keyfile";

import type { Reader } from "../db/database.ts";
import { openPiece } from "../keys/sealing/pieces.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { Refusal } from "../refusal.ts";
import {
  findEveryKey,
  findNewestVersion,
  type EveryKey,
  type ReplyKey,
  type SigningKey,
  type SigningRole,
} from "./store.ts";

/** All that one organisation signs and opens with. */
export interface Signers {
  /** For Key-Files, orders, offers and notices. */
  readonly issuer: Signer;
  readonly pulse: Signer;
  /** The newest root; `expires` is in seconds since 1970. */
  readonly root: Root;
  /** The signed roots after a version, oldest first: what leads from it to the newest. From 0 on it is all of them. */
  readonly rootsSince: (version: number) => readonly string[];
  /** Where reports are sealed to. */
  readonly replyTo: string;
  /** What opens them; not kept in memory. */
  readonly openReplyIdentities: () => Promise<BoxIdentities>;
  /** 32 bytes in base64url, as an offer carries them. */
  readonly machineKey: string;
}

/**
 * Reads with one statement, and with a second one when the root is new to this server: a snapshot or a transaction.
 * @throws Refusal root_key_missing for an organisation without a root: the holder's key was away when it should be made.
 * @throws SealBroken when a key does not open in its row.
 */
export type SignersOf = (reader: Reader, organisationId: OrganisationId) => Promise<Signers>;

/** One for each server. */
export function signersWith(keyEncryption: KeyEncryption): SignersOf {
  const opened = new Map<OrganisationId, Signers>();
  return async (reader, organisationId) => {
    const version = await findNewestVersion(reader, organisationId);
    const known = opened.get(organisationId);
    if (known !== undefined && known.root.version === version) return known;
    const keys = await findEveryKey(reader, organisationId);
    if (keys === undefined) throw new Refusal("root_key_missing");
    const signers = await openSigners(keyEncryption, organisationId, keys);
    opened.set(organisationId, signers);
    return signers;
  };
}

async function openSigners(
  keyEncryption: KeyEncryption,
  organisationId: OrganisationId,
  { roots, signing, replies, machine }: EveryKey,
): Promise<Signers> {
  const root = trustRoots(roots);
  if (root?.org !== organisationId)
    throw new Error("the stored roots do not lead to one of this organisation");
  const [reply] = replies;
  if (reply === undefined) throw new Error("an organisation has a reply key");
  const place = { organisationId, rowId: machine.id, publicHalf: null };
  const machineKey = await openPiece(keyEncryption, { ...machine, ...place, table: "machine_keys" });
  const signer = (role: SigningRole) => openSigner(keyEncryption, { root, signing }, role);
  const openReplyIdentities = () => openReplies(keyEncryption, organisationId, replies);
  // Nobody is told to seal reports to a key that somebody else has put there.
  await openReplyIdentities();
  return {
    issuer: await signer("issuer"),
    pulse: await signer("pulse"),
    root,
    rootsSince: (version) => roots.slice(version),
    replyTo: reply.recipient,
    openReplyIdentities,
    machineKey: Buffer.from(machineKey).toString("base64url"),
  };
}

/** A key that is not in the root's role would sign what no workstation accepts. */
async function openSigner(
  keyEncryption: KeyEncryption,
  { root, signing }: { root: Root; signing: readonly SigningKey[] },
  role: SigningRole,
): Promise<Signer> {
  const key = signing.find((each) => each.role === role);
  if (key === undefined) throw new Error(`an organisation has a key of the role ${role}`);
  const organisationId = root.org as OrganisationId;
  const place = { organisationId, rowId: key.id, publicHalf: key.publicX };
  const seed = await openPiece(keyEncryption, { ...key, ...place, table: "signing_keys" });
  const signer = signerOf(signingKeyFrom(seed));
  if (!root.roles[role].kids.includes(signer.kid))
    throw new Error(`the root does not name the key of the role ${role}`);
  return signer;
}

/** The present key, and the one before it for reports that were on their way. */
async function openReplies(
  keyEncryption: KeyEncryption,
  organisationId: OrganisationId,
  replies: readonly ReplyKey[],
): Promise<BoxIdentities> {
  const [current, previous] = await Promise.all(
    replies.slice(0, 2).map(async (key) => {
      const place = { organisationId, rowId: key.id, publicHalf: key.recipient };
      const identity = await openPiece(keyEncryption, { ...key, ...place, table: "reply_keys" });
      return Buffer.from(identity).toString("utf8");
    }),
  );
  if (current === undefined) throw new Error("an organisation has a reply key");
  return previous === undefined ? { current } : { current, previous };
}
