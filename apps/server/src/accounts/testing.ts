// People in a chosen state of their accounts, in an organisation or an office of the example.

import { accountStates, type AccountState, type OrganisationId, type UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import { sql } from "../db/sql.ts";
import { changeFacts, type Writing } from "../facts/change.ts";
import type { ExampleApp } from "../http/testing/app.ts";
import { insertRoleGrant, type RoleGrant } from "../roles/store.ts";
import { beginSession } from "../sessions/commands.ts";
import { loadRootTeam } from "../teams/store.ts";
import { insertUsers, updateAccountMarks } from "../users/store.ts";

export function writingTo(example: ExampleApp): Writing {
  return { database: example.database, clock: () => example.now, doer: { role: "test", userId: null } };
}

/** Somebody new, in the root team. */
export async function addPerson(
  example: ExampleApp,
  organisationId: OrganisationId,
  state: AccountState = "enabled",
): Promise<{ userId: UserId; username: string }> {
  const userId = uuid() as UserId;
  const username = `${userId}@own.example`;
  await changeFacts(writingTo(example), organisationId, async (change) => {
    const { id: teamId } = await loadRootTeam(change, organisationId);
    await insertUsers(change, [
      { id: userId, teamId, username, name: "Some Body", email: username, account: "active" },
    ]);
  });
  await putInState(example, organisationId, { userId, state });
  return { userId, username };
}

/** Whatever happened before is as if it had not. */
export async function putInState(
  example: ExampleApp,
  organisationId: OrganisationId,
  { userId, state }: { userId: UserId; state: AccountState },
): Promise<void> {
  await changeFacts(writingTo(example), organisationId, async (change) => {
    await change.execute(
      sql`delete from blocks where organisation_id = ${organisationId} and user_id = ${userId}`,
    );
    await updateAccountMarks(change, userId, accountStates[state]);
  });
}

export async function appoint(
  example: ExampleApp,
  organisationId: OrganisationId,
  grant: RoleGrant,
): Promise<void> {
  await example.database.transaction((transaction) =>
    insertRoleGrant(transaction, organisationId, grant, example.now),
  );
}

/** Signed in for longer than most accounts are. */
export async function tokenFor(
  example: ExampleApp,
  owner: { organisationId: OrganisationId; userId: UserId },
): Promise<string> {
  const session = { kind: "token", name: "Script", days: 300, at: example.now } as const;
  const { secret } = await example.database.transaction((transaction) =>
    beginSession(transaction, owner, session),
  );
  return secret;
}
