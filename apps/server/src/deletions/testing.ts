// People who can ask for their accounts to be deleted.

import type { AccountState, OrganisationId, UserId } from "@lockstep/core";
import { clientFor } from "@lockstep/api";

import { addPerson, tokenFor } from "../accounts/testing.ts";
import { examplePassword } from "../example-people.ts";
import type { ExampleApp } from "../http/testing/app.ts";
import { hashPassword } from "../sessions/password.ts";
import { putPassword } from "../sessions/store.ts";

const hash = hashPassword(examplePassword);

export const day = 86_400_000;

/** The password of the example's people. */
export async function givePassword(
  example: ExampleApp,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<void> {
  const kept = { userId, hash: await hash, at: example.now };
  await example.database.transaction((transaction) => putPassword(transaction, organisationId, kept));
}

/** Somebody with a password and a token. */
export async function addOwner(example: ExampleApp, organisationId: OrganisationId, state?: AccountState) {
  const person = await addPerson(example, organisationId, state);
  await givePassword(example, organisationId, person.userId);
  const token = await tokenFor(example, { organisationId, userId: person.userId });
  return {
    ...person,
    token,
    call: clientFor(example.origin, { token }),
    params: { organisationId, userId: person.userId },
  };
}

export type AccountOwner = Awaited<ReturnType<typeof addOwner>>;
