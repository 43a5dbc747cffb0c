// The Key-File: everything that one activation should hold, whole and never as a difference. The newest one wins, so a
// gap does no harm.

import { z } from "zod";

import { isIdentity } from "./age-key.ts";
import { signObject } from "./jws.ts";
import {
  count,
  digest,
  id,
  instant,
  recipient,
  relays,
  secret32,
  settings,
  signedRoots,
  thumbprint,
} from "./shapes.ts";
import type { Signer } from "./signing-key.ts";

const heldKey = z.strictObject({
  key: id,
  kv: count,
  use: z.enum(["encrypt", "decrypt"]),
  id: z.string().refine(isIdentity, "expected an age identity"),
});

/** One version of an encryption key. New files go to the version with use `encrypt`; `id` is the age identity. */
export type HeldKey = Readonly<z.output<typeof heldKey>>;

/** Each version once, and at most one version of a key that new files are encrypted to. */
function isOneOfEach(keys: readonly HeldKey[]): boolean {
  const versions = keys.map(({ key, kv }) => `${key} ${kv}`);
  const encrypting = keys.filter(({ use }) => use === "encrypt").map(({ key }) => key);
  return new Set(versions).size === versions.length && new Set(encrypting).size === encrypting.length;
}

const heldKeys = z.array(heldKey).refine(isOneOfEach, "a version is there twice, or two versions encrypt");

/** A key that the team gives and the user has as well must be the same key. */
function agree({ keys, own_keys }: { keys: readonly HeldKey[]; own_keys: readonly HeldKey[] }): boolean {
  const given = new Map(keys.map((held) => [`${held.key} ${held.kv}`, held]));
  return own_keys.every((own) => {
    const held = given.get(`${own.key} ${own.kv}`);
    return held === undefined || (held.id === own.id && held.use === own.use);
  });
}

/** What every object to a workstation opens with: for whom it is, of which epoch, when it was signed. */
export const addressed = {
  org: id,
  epoch: count,
  act: id,
  dev: thumbprint,
  iat: instant,
  roots: signedRoots,
};

export const keyFileSchema = z
  .strictObject({
    ...addressed,
    wks: id,
    user: id,
    ver: count,
    root_version: count,
    team_content: digest,
    own_content: digest,
    policy: settings,
    workstation_policy: settings,
    keys: heldKeys,
    own_keys: heldKeys,
    reply_to: recipient,
    mailboxes: z.strictObject({ down: secret32, up: secret32, relays }),
    nonce: secret32,
  })
  .refine(agree, "a key that differs between team and user");

/**
 * The payload of a Key-File. `ver` counts up for each activation within an epoch; `iat` is in seconds since 1970;
 * `dev` is the thumbprint of the device's signing key; `roots` leads from the root that the workstation may still have to
 * `root_version`; contents are named by their fingerprints; `mailboxes.down` and `.up` are the secrets that `mailboxOf`
 * takes; `nonce` comes back in the next report.
 */
export type KeyFile = Readonly<z.output<typeof keyFileSchema>>;

/**
 * A Key-File as a compact JWS, by a key of the issuer role. Nothing checks here that the key has that role.
 * @throws TypeError when no workstation would accept it.
 */
export function signKeyFile(keyFile: KeyFile, issuer: Signer): string {
  return signObject("key-file", { schema: keyFileSchema, value: keyFile }, issuer);
}
