// What is secret about a code and an activation, sealed for its row: whoever reads the database learns no mailbox and
// cannot pose as either end.

import { createHmac, createSecretKey, randomBytes } from "node:crypto";

import type { ActivationId, OrganisationId } from "@lockstep/core";
import { activationKeysOf, type OfferProof } from "@lockstep/keyfile";
import { z } from "zod";

import { bindingAt } from "../keys/sealing/pieces.ts";
import type { KeyEncryption, Sealed } from "../keys/sealing/sealing.ts";
import type { ActivationCodeId } from "./store.ts";

const secret = z.base64url().length(43);

const codeSecrets = z.strictObject({
  /** The secrets of the two mailboxes. */
  down: secret,
  up: secret,
  offerKey: secret,
  joinMac: secret,
  sas: secret,
  /** The age identity that joins are sealed to. */
  box: z.string(),
  /** As it was signed; nobody can make the same one again once a relay or a root has changed. */
  offer: z.string(),
  /** Of the root that the offer brings. */
  rootVersion: z.int(),
});

/** What grew from a code. The code itself is not kept. */
export type CodeSecrets = Readonly<z.output<typeof codeSecrets>>;

const activationSecrets = z.strictObject({ down: secret, up: secret, nonces: secret });

/** The secrets of an activation's two mailboxes, and what its nonces grow from. */
export type ActivationSecrets = Readonly<z.output<typeof activationSecrets>>;

export function codeSecretsOf(
  code: Uint8Array,
  rest: Pick<CodeSecrets, "box" | "offer" | "rootVersion">,
): CodeSecrets {
  const grown = activationKeysOf(code);
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
  return {
    down: text(grown.down),
    up: text(grown.up),
    offerKey: text(grown.offerKey),
    joinMac: text(grown.joinMac),
    sas: text(grown.sas),
    ...rest,
  };
}

export function proofOf({ joinMac }: CodeSecrets, offerHash: string): OfferProof {
  return { joinMac: Buffer.from(joinMac, "base64url"), offerHash };
}

export function newActivationSecrets(): ActivationSecrets {
  const random = () => randomBytes(32).toString("base64url");
  return { down: random(), up: random(), nonces: random() };
}

/** What a report echoes of an object: always the same for the same one, so that signing it again gives the same bytes. */
export function nonceOf({ nonces }: ActivationSecrets, object: string): string {
  const key = createSecretKey(nonces, "base64url");
  return createHmac("sha256", key).update(object).digest("base64url");
}

const bytesOf = (value: object) => Buffer.from(JSON.stringify(value));
const parsed = <Value>(shape: z.ZodType<Value>, bytes: Uint8Array): Value =>
  shape.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));

/** Whose secrets they are: of a code, or of an activation. */
type OfCode = { readonly organisationId: OrganisationId; readonly codeId: ActivationCodeId };
type OfActivation = { readonly organisationId: OrganisationId; readonly activationId: ActivationId };

const bindingOfCode = ({ organisationId, codeId }: OfCode) =>
  bindingAt({ organisationId, table: "activation_codes", rowId: codeId });
const bindingOfActivation = ({ organisationId, activationId }: OfActivation) =>
  bindingAt({ organisationId, table: "activations", rowId: activationId });

export async function sealCodeSecrets(
  keyEncryption: KeyEncryption,
  of: OfCode,
  secrets: CodeSecrets,
): Promise<Sealed> {
  return keyEncryption.seal(bindingOfCode(of), bytesOf(secrets));
}

/** @throws SealBroken when it is not what was sealed for this code. */
export async function openCodeSecrets(
  keyEncryption: KeyEncryption,
  of: OfCode,
  sealed: Sealed,
): Promise<CodeSecrets> {
  return parsed(codeSecrets, await keyEncryption.open(bindingOfCode(of), sealed));
}

export async function sealActivationSecrets(
  keyEncryption: KeyEncryption,
  of: OfActivation,
  secrets: ActivationSecrets,
): Promise<Sealed> {
  return keyEncryption.seal(bindingOfActivation(of), bytesOf(secrets));
}

/** @throws SealBroken when it is not what was sealed for this activation. */
export async function openActivationSecrets(
  keyEncryption: KeyEncryption,
  of: OfActivation,
  sealed: Sealed,
): Promise<ActivationSecrets> {
  return parsed(activationSecrets, await keyEncryption.open(bindingOfActivation(of), sealed));
}
