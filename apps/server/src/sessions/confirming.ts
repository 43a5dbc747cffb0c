// Whoever is signed in shows once more that it is really them, before what cannot be undone (OWASP ASVS 5.0, 7.5.3).

import type { Doer } from "../db/change.ts";
import type { Database } from "../db/database.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { Refusal } from "../refusal.ts";
import { isRightPassword } from "./proving.ts";
import { findCandidate, findSignedIn } from "./store.ts";

export interface Confirming {
  readonly writing: { readonly database: Database; readonly doer: Doer };
  readonly keyEncryption: KeyEncryption;
}

/** @throws Refusal sign_in_failed when the password is not the doer's own, sign_in_busy. */
export async function confirmDoer({ writing, keyEncryption }: Confirming, password: string): Promise<void> {
  const { database, doer } = writing;
  const { organisationId, userId } = doer;
  const candidate = await database.snapshot(async (snapshot) => {
    if (organisationId === undefined || userId === null) return undefined;
    const found = await findSignedIn(snapshot, organisationId, userId);
    return found && findCandidate(snapshot, found.user.username);
  });
  if (!(await isRightPassword({ database, keyEncryption }, candidate, password)))
    throw new Refusal("sign_in_failed");
}
