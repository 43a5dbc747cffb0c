// Everything that an account's deletion means, for some people at once: their workstations are wiped, what they hold goes
// back, and of their values only the username is left. The rows of the users are locked already.

import type { UserId } from "@lockstep/core";

import { voidActivationCodesOf } from "../../activations/store.ts";
import type { ContentChange } from "../../db/change.ts";
import { eraseEntriesOf } from "../../directory/entries/store.ts";
import { unlinkFromDirectory } from "../../directory/store.ts";
import type { KeyEncryption } from "../../keys/sealing/sealing.ts";
import { deleteSeats, listSeatsOf } from "../../licences/store.ts";
import { postFarewell } from "../../mails/post.ts";
import { failMailsOf } from "../../mails/store.ts";
import { deletePersonKeys } from "../../audit/person-keys/store.ts";
import { endActivationsOf } from "../../updates/everywhere.ts";
import type { User } from "../../users/store.ts";
import {
  deleteRowsOf,
  eraseCallsAbout,
  eraseGroundsOf,
  eraseUsers,
  renameWorkstationsOf,
} from "../erasure/store.ts";

export type Person = Pick<User, "id" | "name" | "email" | "account">;

async function returnSeats(change: ContentChange, users: readonly UserId[]): Promise<void> {
  const seats = await listSeatsOf(change, change.organisationId, users);
  await deleteSeats(change, users);
  for (const { userId, licenceId } of seats) change.record({ kind: "licence-returned", userId, licenceId });
}

/** Whoever could sign in is told, by a mail that alone still knows the address. */
async function tell(
  change: ContentChange,
  keyEncryption: KeyEncryption,
  people: readonly Person[],
): Promise<void> {
  for (const { id: userId, name, email, account } of people) {
    if (account === "active" && email !== null)
      await postFarewell(change, keyEncryption, { userId, name, email });
  }
}

export async function erasePeople(
  change: ContentChange,
  keyEncryption: KeyEncryption,
  people: readonly Person[],
): Promise<void> {
  const users = people.map(({ id }) => id);
  await endActivationsOf(change, users);
  await returnSeats(change, users);
  await voidActivationCodesOf(change, users);
  await eraseEntriesOf(change, users);
  await unlinkFromDirectory(change, users);
  await failMailsOf(change, users);
  await tell(change, keyEncryption, people);
  await eraseGroundsOf(change, users);
  await eraseCallsAbout(change, users);
  await deleteRowsOf(change, users);
  await deletePersonKeys(change, change.organisationId, users);
  await eraseUsers(change, users);
  await renameWorkstationsOf(change, users);
  for (const userId of users) change.record({ kind: "account-deleted", userId });
}
