// The tree of workstations: what each level sets for when nobody is signed in to a Key-File.

import { parseWorkstationPolicy, type Id, type OrganisationId, type WorkstationPolicy } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { id } from "../db/shape.ts";
import { json, sql } from "../db/sql.ts";

export type WorkstationTeamId = Id<"workstation-team">;

const workstationTeam = z.object({
  id: id<"workstation-team">(),
  parentId: id<"workstation-team">().nullable(),
  name: z.string(),
  policy: z.unknown().transform(parseWorkstationPolicy),
  revision: z.int(),
});

export type WorkstationTeam = z.output<typeof workstationTeam>;

/** All workstation teams of the organisation, by name. There are few. */
export async function listWorkstationTeams(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<WorkstationTeam[]> {
  return reader.rows(
    workstationTeam,
    sql`select id, parent_id as "parentId", name, policy, revision from workstation_teams
      where organisation_id = ${organisationId} order by name, id`,
  );
}

export async function insertWorkstationTeam(
  change: Change,
  { id, parentId, name }: Pick<WorkstationTeam, "id" | "parentId" | "name">,
): Promise<void> {
  await change.execute(sql`
    insert into workstation_teams (organisation_id, id, parent_id, name)
    values (${change.organisationId}, ${id}, ${parentId}, ${name})`);
}

export async function updateWorkstationPolicy(
  change: Change,
  workstationTeamId: WorkstationTeamId,
  policy: WorkstationPolicy,
): Promise<void> {
  await change.execute(sql`
    update workstation_teams set policy = ${json(policy)}, revision = revision + 1
    where organisation_id = ${change.organisationId} and id = ${workstationTeamId}`);
}

export async function deleteWorkstationTeam(
  change: Change,
  workstationTeamId: WorkstationTeamId,
): Promise<void> {
  await change.execute(sql`
    delete from workstation_teams where organisation_id = ${change.organisationId} and id = ${workstationTeamId}`);
}
