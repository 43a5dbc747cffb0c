// Makes what is put for workstations: Key-Files, orders and pulses, signed and not yet sealed. The same rows always give
// the same bytes, so that after a crash a version goes out again as it was, or under another number.

import type { ContentId, KeyId, OrganisationId } from "@lockstep/core";
import {
  signKeyFile,
  signOrders,
  signPulse,
  pulseSeconds,
  digestOf,
  type HeldKey,
  type Order,
} from "@lockstep/keyfile";
import type { Content, WorkstationPolicy } from "@lockstep/core";

import { nonceOf, openActivationSecrets, type ActivationSecrets } from "../activations/secrets.ts";
import { secondsOf } from "../clock.ts";
import type { Database, Reader } from "../db/database.ts";
import { identifyWorkstationPolicy, identify } from "../facts/identity.ts";
import { openKeyMaterial } from "../keys/material.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { listKeyMaterial } from "../keys/store.ts";
import type { Signers, SignersOf } from "../roots/signers.ts";
import { loadContents } from "../standing/evidence/store.ts";
import { effectivePoliciesOf } from "../workstation-teams/commands.ts";
import { listWorkstationTeams, type WorkstationTeamId } from "../workstation-teams/store.ts";
import { listOutstandingCommands, type KeyFileDue, type OrdersDue, type PulseDue } from "./store.ts";

export interface Composing {
  readonly database: Database;
  readonly keyEncryption: KeyEncryption;
  readonly signersOf: SignersOf;
  readonly relays: readonly string[];
}

/** Something signed for one device, to be sealed to `recipient` and put. */
export interface Signed<Due> {
  readonly due: Due;
  readonly secrets: ActivationSecrets;
  readonly jws: string;
  readonly hash: string;
  readonly recipient: string;
}

export interface SignedKeyFile extends Signed<KeyFileDue> {
  readonly epoch: number;
  /** The newest root that it brings. */
  readonly rootVersion: number;
  readonly workstationContentId: ContentId;
}

interface SignedOrders extends Signed<OrdersDue> {
  /** Of the policy that a workstation-policy order brings. */
  readonly workstationContentId: ContentId;
}

type Addressed = Pick<KeyFileDue, "organisationId" | "activationId" | "device" | "rootVersion">;

function addressedTo({ organisationId, activationId, device, rootVersion }: Addressed, signers: Signers) {
  return {
    org: organisationId,
    epoch: signers.root.epoch,
    act: activationId,
    dev: device,
    roots: [...signers.rootsSince(rootVersion)],
  };
}

/** What many Key-Files of one organisation are made of, read at one moment. */
interface Ingredients {
  readonly signers: Signers;
  readonly contents: ReadonlyMap<ContentId, Content>;
  readonly identities: ReadonlyMap<string, string>;
  readonly policies: ReadonlyMap<WorkstationTeamId, WorkstationPolicy>;
}

async function gatherIngredients(
  { keyEncryption, signersOf }: Composing,
  snapshot: Reader,
  { organisationId, wanted }: { organisationId: OrganisationId; wanted: readonly ContentId[] },
): Promise<Ingredients> {
  const contents = await loadContents(snapshot, organisationId, wanted);
  const keys = new Set([...contents.values()].flatMap((content) => content.keys.map(({ key }) => key)));
  const identities = new Map<string, string>();
  for (const { keyId, version, ...material } of await listKeyMaterial(snapshot, organisationId, [...keys])) {
    const identity = await openKeyMaterial(keyEncryption, { organisationId, keyId, version }, material);
    identities.set(`${keyId} ${version}`, identity);
  }
  return {
    signers: await signersOf(snapshot, organisationId),
    contents,
    identities,
    policies: effectivePoliciesOf(await listWorkstationTeams(snapshot, organisationId)),
  };
}

function contentOf({ contents }: Ingredients, id: ContentId): Content {
  const content = contents.get(id);
  if (content === undefined) throw new Error("a posted Key-File has its contents");
  return content;
}

function heldKeysOf({ identities }: Ingredients, { keys }: Content): HeldKey[] {
  return keys.flatMap(({ key, version, use }): HeldKey[] => {
    const id = identities.get(`${key satisfies KeyId} ${version}`);
    // A version from before there was any material has none to hold.
    if (id === undefined || use === "retired") return [];
    return [{ key, kv: version, use: use === "active" ? "encrypt" : "decrypt", id }];
  });
}

/** Key-Files of one organisation, each signed. */
export async function composeKeyFiles(
  composing: Composing,
  organisationId: OrganisationId,
  due: readonly KeyFileDue[],
): Promise<SignedKeyFile[]> {
  const wanted = [...new Set(due.flatMap(({ team, own }) => [team, own]))];
  const ingredients = await composing.database.snapshot((snapshot) =>
    gatherIngredients(composing, snapshot, { organisationId, wanted }),
  );
  const signed: SignedKeyFile[] = [];
  for (const each of due) signed.push(await composeKeyFile(composing, ingredients, each));
  return signed;
}

async function composeKeyFile(
  { keyEncryption, relays }: Composing,
  ingredients: Ingredients,
  due: KeyFileDue,
): Promise<SignedKeyFile> {
  const { signers, policies } = ingredients;
  const [team, own] = [contentOf(ingredients, due.team), contentOf(ingredients, due.own)];
  const secrets = await openActivationSecrets(keyEncryption, due, due);
  const workstationPolicy = policies.get(due.workstationTeamId) ?? {};
  const { epoch, version: rootVersion } = signers.root;
  const jws = signKeyFile(
    {
      ...addressedTo(due, signers),
      iat: secondsOf(new Date(due.postedAt)),
      wks: due.workstationId,
      user: due.userId,
      ver: due.version,
      root_version: rootVersion,
      team_content: identify(team).fingerprint,
      own_content: identify(own).fingerprint,
      policy: { ...team.policy },
      workstation_policy: { ...workstationPolicy },
      keys: heldKeysOf(ingredients, team),
      own_keys: heldKeysOf(ingredients, own),
      reply_to: signers.replyTo,
      mailboxes: { down: secrets.down, up: secrets.up, relays: [...relays] },
      nonce: nonceOf(secrets, keyFileNonce(due.version)),
    },
    signers.issuer,
  );
  const workstationContentId = identifyWorkstationPolicy(workstationPolicy).id;
  const held = { epoch, rootVersion, workstationContentId };
  return { due, secrets, jws, hash: digestOf(jws), recipient: due.box, ...held };
}

/** What the nonces of an activation's objects grow from. */
export const keyFileNonce = (version: number) => `key-file ${version}`;
export const pulseNonce = (at: string | Date) => `pulse ${secondsOf(new Date(at))}`;

/** The orders of one organisation's activations, each signed. */
export async function composeOrders(
  { database, keyEncryption, signersOf }: Composing,
  organisationId: OrganisationId,
  due: readonly OrdersDue[],
): Promise<SignedOrders[]> {
  const { signers, policies, commands } = await database.snapshot(async (snapshot) => ({
    signers: await signersOf(snapshot, organisationId),
    policies: effectivePoliciesOf(await listWorkstationTeams(snapshot, organisationId)),
    commands: await listOutstandingCommands(
      snapshot,
      organisationId,
      due.map(({ activationId }) => activationId),
    ),
  }));
  const signed: SignedOrders[] = [];
  for (const each of due) {
    const policy = policies.get(each.workstationTeamId) ?? {};
    const outstanding = commands
      .filter(({ activationId }) => activationId === each.activationId)
      .map(({ id, kind }): Order => {
        if (kind !== "workstation-policy") return { id, kind, args: {} };
        return { id, kind, args: { policy: { ...policy } } };
      });
    const jws = signOrders(
      {
        ...addressedTo(each, signers),
        iat: secondsOf(new Date(each.changedAt)),
        cver: each.version,
        locked: each.isLocked,
        outstanding,
      },
      signers.issuer,
    );
    const secrets = await openActivationSecrets(keyEncryption, each, each);
    const workstationContentId = identifyWorkstationPolicy(policy).id;
    const recipient = each.ordersBox;
    signed.push({ due: each, secrets, jws, hash: digestOf(jws), recipient, workstationContentId });
  }
  return signed;
}

/** Fresh pulses for one organisation's activations, each signed. */
export async function composePulses(
  { database, keyEncryption, signersOf }: Composing,
  organisationId: OrganisationId,
  { due, at }: { due: readonly PulseDue[]; at: Date },
): Promise<Signed<PulseDue>[]> {
  const signers = await database.snapshot((snapshot) => signersOf(snapshot, organisationId));
  const signed: Signed<PulseDue>[] = [];
  for (const each of due) {
    const secrets = await openActivationSecrets(keyEncryption, each, each);
    const jws = signPulse(
      {
        ...addressedTo(each, signers),
        iat: secondsOf(at),
        latest_ver: each.keyFileHash === null ? 0 : each.latestVersion,
        latest_cver: each.latestOrders,
        kf_hash: each.keyFileHash,
        root_version: signers.root.version,
        licence_until: each.isLicensed ? (each.licenceUntil ?? "perpetual") : null,
        exp: secondsOf(at) + pulseSeconds,
        nonce: nonceOf(secrets, pulseNonce(at)),
      },
      signers.pulse,
    );
    signed.push({ due: each, secrets, jws, hash: digestOf(jws), recipient: each.ordersBox });
  }
  return signed;
}
