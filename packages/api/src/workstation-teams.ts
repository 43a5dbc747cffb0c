// The tree of workstations on the wire: what holds where nobody is signed in to a Key-File.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, inOrganisation, name, nothing, policyValue, revision, workstationPolicy } from "./shapes.ts";

export const workstationTeam = z
  .object({
    id: id<"workstation-team">(),
    parentId: id<"workstation-team">().nullable().describe("Null for the root."),
    name: z.string(),
    policy: workstationPolicy,
    effective: z
      .array(
        z.object({
          setting: z.string(),
          value: policyValue,
          origin: z
            .object({ id: id<"workstation-team">(), name: z.string() })
            .nullable()
            .describe("The level that sets it; null for the product's default."),
        }),
      )
      .describe("Everything that holds here."),
    revision,
  })
  .meta({ id: "WorkstationTeam", description: "A node in the organisation's tree of workstations." });
export type WorkstationTeam = z.output<typeof workstationTeam>;

const ofWorkstationTeam = z.object({
  organisationId: id<"organisation">(),
  workstationTeamId: id<"workstation-team">(),
});

export const listWorkstationTeams = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/workstation-teams",
  summary: "Every workstation team by name, with what it sets and what holds in it.",
  needs: "read-teams",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: z.object({ workstationTeams: z.array(workstationTeam) }),
  refuses: ["organisation_not_found"],
});

export const createWorkstationTeam = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/workstation-teams",
  summary: "Makes a workstation team below another one.",
  needs: "edit-teams",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({ name, parentId: id<"workstation-team">() }),
  reply: workstationTeam,
  refuses: ["organisation_not_found", "workstation_team_not_found", "name_taken"],
  revisionOf: (reply) => reply.revision,
  creates: true,
});

export const setWorkstationPolicy = endpoint({
  method: "PUT",
  path: "/organisations/:organisationId/workstation-teams/:workstationTeamId/policy",
  summary: "Replaces what a workstation team sets itself.",
  needs: "edit-policies",
  params: ofWorkstationTeam,
  query: nothing,
  body: z.strictObject({ policy: workstationPolicy }),
  reply: workstationTeam,
  refuses: ["organisation_not_found", "workstation_team_not_found", "policy_invalid"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const deleteWorkstationTeam = endpoint({
  method: "DELETE",
  path: "/organisations/:organisationId/workstation-teams/:workstationTeamId",
  summary: "Deletes a workstation team that has nothing below it.",
  needs: "edit-teams",
  params: ofWorkstationTeam,
  query: nothing,
  body: nothing,
  reply: nothing,
  refuses: ["organisation_not_found", "workstation_team_not_found", "team_is_root", "team_not_empty"],
  needsMatch: true,
});
