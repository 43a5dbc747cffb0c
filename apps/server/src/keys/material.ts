// The two halves of an encryption key: the public one for whoever encrypts, the secret one sealed for its row.
// X25519 and not the hybrid kind, so that every age program opens what is encrypted with it.

import type { KeyId, OrganisationId } from "@lockstep/core";
import { generateX25519Identity, identityToRecipient } from "age-encryption";

import { SealBroken, type Binding, type KeyEncryption, type Sealed } from "./sealing/sealing.ts";

/** One version of a key of an organisation. */
export interface KeyPlace {
  readonly organisationId: OrganisationId;
  readonly keyId: KeyId;
  readonly version: number;
}

export interface KeyMaterial extends Sealed {
  /** The public half, an age recipient. */
  readonly recipient: string;
}

export function bindingOf({ organisationId, keyId, version }: KeyPlace): Binding {
  return { organisationId, table: "key_versions", rowId: keyId, purpose: "encryption-key", version };
}

/** For `openKeyMaterial` with the same place, and for no other. */
export async function makeKeyMaterial(keyEncryption: KeyEncryption, place: KeyPlace): Promise<KeyMaterial> {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const sealed = await keyEncryption.seal(bindingOf(place), Buffer.from(identity, "utf8"));
  return { recipient, ...sealed };
}

/**
 * The secret half, an age identity: for Key-Files, and for nothing that is logged or stored.
 * @throws SealBroken when the material does not open, or is not the other half of the recipient beside it.
 */
export async function openKeyMaterial(
  keyEncryption: KeyEncryption,
  place: KeyPlace,
  { recipient, ...sealed }: KeyMaterial,
): Promise<string> {
  const binding = bindingOf(place);
  const identity = Buffer.from(await keyEncryption.open(binding, sealed)).toString("utf8");
  if ((await identityToRecipient(identity)) !== recipient) throw new SealBroken("altered", binding);
  return identity;
}
