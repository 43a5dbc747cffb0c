// The two halves of an encryption key: the public one for whoever encrypts, the secret one sealed for its row.
// X25519 and not the hybrid kind, so that every age program opens what is encrypted with it.

import type { KeyId, OrganisationId } from "@lockstep/core";
import { generateX25519Identity, identityToRecipient } from "age-encryption";

import { bindingAt, openPiece, type SealedPlace } from "./sealing/pieces.ts";
import type { Binding, KeyEncryption, Sealed } from "./sealing/sealing.ts";

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

function placeOf({ organisationId, keyId, version }: KeyPlace): SealedPlace {
  return { organisationId, table: "key_versions", rowId: keyId, version };
}

export function bindingOf(place: KeyPlace): Binding {
  return bindingAt(placeOf(place));
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
  { recipient, material, kekVersion }: KeyMaterial,
): Promise<string> {
  const piece = { ...placeOf(place), publicHalf: recipient, material, kekVersion };
  return Buffer.from(await openPiece(keyEncryption, piece)).toString("utf8");
}
