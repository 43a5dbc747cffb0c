// Granting and withdrawing as tests ask for it: by a token, of any place.

import type { GrantedRole, OrganisationId, UserId } from "@lockstep/core";

import { addPerson, appoint, tokenFor } from "../accounts/testing.ts";
import { sql } from "../db/sql.ts";
import type { ExampleApp, Sent } from "../http/testing/app.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../http/testing/organisation.ts";

export interface Asking {
  readonly token: string;
  readonly placeId: OrganisationId;
  readonly role: GrantedRole;
  readonly userId: UserId;
}

type Verb = "grant" | "withdraw";

export function askFor(
  example: ExampleApp,
  verb: Verb,
  { token, placeId, role, userId }: Asking,
): Promise<Sent> {
  const path = `/organisations/${placeId}/roles/${role}/${userId}`;
  return example.send(verb === "grant" ? "PUT" : "DELETE", path, { token });
}

/** "done", or the code of the refusal with the rule that decided. */
export async function outcomeOf(example: ExampleApp, verb: Verb, asking: Asking): Promise<string> {
  const { status, body } = await askFor(example, verb, asking);
  return status === 204 ? "done" : [body.code, body.detail].filter(Boolean).join(" ");
}

export interface Holder {
  readonly userId: UserId;
  readonly token: string;
}

/** An organisation of the test's own that nobody manages but some who live in it, each with a token. */
export async function managedBy(
  example: ExampleApp,
  count: number,
): Promise<{ own: OwnOrganisation; placeId: OrganisationId; managers: Holder[] }> {
  const own = await makeOwnOrganisation(example);
  const { organisationId: placeId } = own.params;
  await example.database.transaction((transaction) =>
    transaction.execute(sql`delete from role_grants where scope_id = ${placeId}`),
  );
  const managers: Holder[] = [];
  for (let at = 0; at < count; at++) {
    const { userId } = await addPerson(example, placeId);
    await appoint(example, placeId, { userId, role: "organisation-manager", scopeId: placeId });
    managers.push({ userId, token: await tokenFor(example, { organisationId: placeId, userId }) });
  }
  return { own, placeId, managers };
}
