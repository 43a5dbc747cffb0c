// New keys of an organisation, each sealed for the row that it is stored in.

import { randomBytes } from "node:crypto";

import { kidOf, newBoxKey, newSigningKey } from "@lockstep/keyfile";
import type { OrganisationId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import type { Change } from "../db/change.ts";
import { bindingAt } from "../keys/sealing/pieces.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import type { SealedTable } from "../keys/sealing/tables.ts";
import {
  insertMachineKey,
  insertReplyKey,
  insertSigningKey,
  type SealedKey,
  type SealedKeyId,
  type SigningRole,
} from "./store.ts";

interface Row {
  readonly organisationId: OrganisationId;
  readonly table: SealedTable;
}

async function sealNew(keyEncryption: KeyEncryption, row: Row, plaintext: Uint8Array): Promise<SealedKey> {
  const id = uuid() as SealedKeyId;
  const sealed = await keyEncryption.seal(bindingAt({ ...row, rowId: id }), plaintext);
  return { id, ...sealed };
}

/** A key that signs from the next root on. @returns the public half, `x` of its JWK. */
export async function addSigningKey(
  change: Change,
  keyEncryption: KeyEncryption,
  role: SigningRole,
): Promise<string> {
  const { d, ...jwk } = newSigningKey();
  const row = { organisationId: change.organisationId, table: "signing_keys" } as const;
  const sealed = await sealNew(keyEncryption, row, Buffer.from(d, "base64url"));
  await insertSigningKey(change, { ...sealed, role, kid: kidOf(jwk), publicX: jwk.x });
  return jwk.x;
}

/** What workstations seal their reports to. Hybrid, because a relay may keep reports for years. */
export async function addReplyKey(change: Change, keyEncryption: KeyEncryption): Promise<void> {
  const { identity, recipient } = await newBoxKey();
  const row = { organisationId: change.organisationId, table: "reply_keys" } as const;
  const sealed = await sealNew(keyEncryption, row, Buffer.from(identity, "utf8"));
  await insertReplyKey(change, { ...sealed, recipient });
}

/** What machine ids are hashed under. */
export async function addMachineKey(change: Change, keyEncryption: KeyEncryption): Promise<void> {
  const row = { organisationId: change.organisationId, table: "machine_keys" } as const;
  await insertMachineKey(change, await sealNew(keyEncryption, row, randomBytes(32)));
}
