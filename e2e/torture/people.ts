// Who is in the tortured organisation: a few people who work on workstations, and many who were active before there was a
// relay, so that a posting to everybody is a job of several batches.

import { keys, licences, teams, users, type Team } from "@lockstep/api";
import type { ActivationId, LicenceId, OrganisationId, UserId, WorkstationId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import { insertActivation, insertWorkstation } from "../../apps/server/src/activations/store.ts";
import { systemClock } from "../../apps/server/src/clock.ts";
import type { Database } from "../../apps/server/src/db/database.ts";
import { changeFacts } from "../../apps/server/src/facts/change.ts";
import { insertSeats } from "../../apps/server/src/licences/store.ts";
import { insertUsers } from "../../apps/server/src/users/store.ts";
import type { Installation } from "../installation.ts";

export interface People {
  readonly root: Team;
  /** Those who work on workstations. */
  readonly working: readonly UserId[];
  /** Those to whom nothing travels: what is posted to them waits for ever. */
  readonly waiting: readonly UserId[];
}

export async function populate(
  { call, organisationId }: Installation,
  database: Database,
  { working, waiting }: { readonly working: number; readonly waiting: number },
): Promise<People> {
  const params = { organisationId };
  const [root] = (await call(teams.listTeams, { params })).teams;
  if (root === undefined) throw new Error("every organisation has a root team");
  const group = await call(keys.createGroup, { params, body: { name: "Company" } });
  await call(keys.createKey, { params, body: { name: "Files", groupIds: [group.id] } });
  await call(teams.setTeamGroups, {
    params: { ...params, teamId: root.id },
    body: { groupIds: [group.id] },
    match: root.revision,
  });
  const body = { productId: "LS-1", edition: "Pro", term: "perpetual", seats: working + waiting } as const;
  const dates = { validFrom: "2026-01-01", validUntil: null };
  const { id: licenceId } = await call(licences.addLicence, { params, body: { ...body, ...dates } });
  const people: UserId[] = [];
  for (let at = 0; at < working; at += 1) {
    const person = { name: `Person ${at}`, username: `person-${at}@northwind.example` };
    people.push((await call(users.addUser, { params, body: person })).id);
  }
  const others = await addWaiting(database, { organisationId, root, licenceId, count: waiting });
  return { root, working: people, waiting: others };
}

interface Place {
  readonly organisationId: OrganisationId;
  readonly root: Team;
  readonly licenceId: LicenceId;
  readonly count: number;
}

/** Nothing on the wire makes an activation without a device any more. */
async function addWaiting(
  database: Database,
  { organisationId, root, licenceId, count }: Place,
): Promise<UserId[]> {
  const writing = { database, clock: systemClock, doer: { role: "test", userId: null } };
  const added = Array.from({ length: count }, () => uuid() as UserId);
  await changeFacts(writing, organisationId, async (change) => {
    const people = added.map((id, at) => ({
      id,
      teamId: root.id,
      username: `waiting-${at}@northwind.example`,
      name: `Waiting ${at}`,
      email: null,
      account: "none" as const,
    }));
    await insertUsers(change, people);
    await insertSeats(change, licenceId, added);
    for (const [at, userId] of added.entries()) {
      const workstationId = uuid() as WorkstationId;
      await insertWorkstation(change, { id: workstationId, name: `OLD-${at}` });
      await insertActivation(change, { id: uuid() as ActivationId, userId, workstationId });
    }
  });
  return added;
}
