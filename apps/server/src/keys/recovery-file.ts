// Every key of an organisation in one age file, for whoever must read its files when this server has forgotten them. Only
// the passphrase or the recipient that was given opens it.

import type { OrganisationId } from "@lockstep/core";
import { isRecipient, wrapByPassphrase } from "@lockstep/keyfile";
import { armor, Encrypter, Stanza } from "age-encryption";

import { changeContents, type Writing } from "../facts/change.ts";
import { loadOrganisation, markKeysExported } from "../organisations/store.ts";
import { Refusal } from "../refusal.ts";
import { reauthenticate, type SignedIn } from "../sessions/reauthenticating.ts";
import { openKeyMaterial } from "./material.ts";
import type { KeyEncryption } from "./sealing/sealing.ts";
import { listEveryKeyMaterial } from "./store.ts";

export interface Opener {
  /** The caller's own, asked for once more; null for who has none. */
  readonly password: string | null;
  readonly passphrase?: string | undefined;
  readonly recipient?: string | undefined;
}

/** @throws Refusal recipient_invalid. */
function encrypterFor({ passphrase, recipient = "" }: Omit<Opener, "password">): Encrypter {
  const encrypter = new Encrypter();
  if (passphrase !== undefined) {
    encrypter.addRecipient({
      wrapFileKey: async (fileKey) => {
        const { args, body } = await wrapByPassphrase(fileKey, passphrase);
        return [new Stanza(args, body)];
      },
    });
    return encrypter;
  }
  if (!isRecipient(recipient)) throw new Refusal("recipient_invalid");
  encrypter.addRecipient(recipient);
  return encrypter;
}

/**
 * That it was made is an event and stands in the preview of a deletion. Nothing of it is kept.
 * @returns how many keys, and the file (armoured; JSON inside). @throws Refusal recipient_invalid, and as `reauthenticate`.
 */
export async function exportKeys(
  { writing, keyEncryption, caller }: { writing: Writing; keyEncryption: KeyEncryption; caller: SignedIn },
  organisationId: OrganisationId,
  { password, ...opener }: Opener,
): Promise<{ keys: number; file: string }> {
  await reauthenticate({ ...writing, keyEncryption }, caller, password);
  const encrypter = encrypterFor(opener);
  const { document, keys } = await changeContents(writing, organisationId, async (change) => {
    const { name } = await loadOrganisation(change, organisationId);
    const versions = [];
    for (const { keyId, key, version, use, ...material } of await listEveryKeyMaterial(
      change,
      organisationId,
    )) {
      const identity = await openKeyMaterial(keyEncryption, { organisationId, keyId, version }, material);
      versions.push({ keyId, key, version, use, recipient: material.recipient, identity });
    }
    const those = new Set(versions.map(({ keyId }) => keyId)).size;
    await markKeysExported(change, organisationId, change.at);
    change.record({ kind: "keys-exported", detail: { keys: those } });
    const made = { format: "lockstep-recovery-1", organisation: { id: organisationId, name }, at: change.at };
    return { document: { ...made, versions }, keys: those };
  });
  const sealed = await encrypter.encrypt(`${JSON.stringify(document, null, 2)}\n`);
  return { keys, file: armor.encode(sealed) };
}
