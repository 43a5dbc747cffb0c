// Teams on the wire: what they set, their revisions, and what a change would do.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import {
  id,
  inOrganisation,
  name,
  nothing,
  ofTeam,
  policy,
  policyValue,
  origin,
  revision,
} from "./shapes.ts";
import { counts } from "./standing.ts";
import { holdings } from "./users.ts";

export const team = z
  .object({
    id: id<"team">(),
    parentId: id<"team">().nullable().describe("Null for the root team."),
    name: z.string(),
    policy,
    groupIds: z
      .array(id<"group">())
      .describe("The groups that this level gives itself, besides those it inherits."),
    revision,
  })
  .meta({ id: "Team", description: "A node in the organisation's tree of people." });
export type Team = z.output<typeof team>;

export const listTeams = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/teams",
  summary: "Every team of the organisation, by name.",
  needs: "read-teams",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: z.object({ teams: z.array(team) }),
  refuses: ["organisation_not_found"],
});

export const showTeam = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/teams/:teamId",
  summary:
    "One team: its own settings and groups, what holds in it with the origins, and its revisions, newest first.",
  needs: "read-teams",
  params: ofTeam,
  query: nothing,
  body: nothing,
  reply: z.object({
    team,
    holdings: holdings.describe("What everybody in the team should hold."),
    revisions: z.array(
      z.object({
        revision,
        at: z.iso.datetime(),
        policy,
        groupIds: z.array(id<"group">()),
        own: z
          .boolean()
          .describe("Whether it is this team's own change; else it came from a team above, or from a key."),
      }),
    ),
  }),
  refuses: ["organisation_not_found", "team_not_found"],
  revisionOf: (reply) => reply.team.revision,
});

export const createTeam = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/teams",
  summary: "Makes a team below another one, whose policy and groups it inherits.",
  needs: "edit-teams",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({ name, parentId: id<"team">() }),
  reply: team,
  refuses: ["organisation_not_found", "team_not_found", "name_taken"],
  revisionOf: (reply) => reply.revision,
  creates: true,
});

export const renameTeam = endpoint({
  method: "PATCH",
  path: "/organisations/:organisationId/teams/:teamId",
  summary: "Gives a team another name.",
  needs: "edit-teams",
  params: ofTeam,
  query: nothing,
  body: z.strictObject({ name }),
  reply: team,
  refuses: ["organisation_not_found", "team_not_found", "name_taken"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const moveTeam = endpoint({
  method: "PUT",
  path: "/organisations/:organisationId/teams/:teamId/parent",
  summary: "Moves a team, with all below it, under another one, from which it then inherits.",
  needs: "edit-teams",
  params: ofTeam,
  query: nothing,
  body: z.strictObject({ parentId: id<"team">() }),
  reply: team,
  refuses: ["organisation_not_found", "team_not_found", "team_is_root", "team_move_cyclic", "name_taken"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const setTeamGroups = endpoint({
  method: "PUT",
  path: "/organisations/:organisationId/teams/:teamId/groups",
  summary: "Replaces the encryption groups that a team gives itself, besides those it inherits.",
  needs: "edit-keys",
  params: ofTeam,
  query: nothing,
  body: z.strictObject({ groupIds: z.array(id<"group">()).max(1000) }),
  reply: team,
  refuses: ["organisation_not_found", "team_not_found", "group_not_found"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const deleteTeam = endpoint({
  method: "DELETE",
  path: "/organisations/:organisationId/teams/:teamId",
  summary: "Deletes a team that has neither people nor teams below it.",
  needs: "edit-teams",
  params: ofTeam,
  query: nothing,
  body: nothing,
  reply: nothing,
  refuses: ["organisation_not_found", "team_not_found", "team_is_root", "team_not_empty"],
  needsMatch: true,
});

export const setTeamPolicy = endpoint({
  method: "PUT",
  path: "/organisations/:organisationId/teams/:teamId/policy",
  summary:
    "Replaces what a team sets itself. Whoever then differs is red; posting a Key-File is another step.",
  needs: "edit-policies",
  params: ofTeam,
  query: nothing,
  body: z.strictObject({ policy }),
  reply: team,
  refuses: ["organisation_not_found", "team_not_found", "policy_invalid"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const revertTeam = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/teams/:teamId/revert",
  summary:
    "Gives a team the settings and groups of an earlier revision; everybody's former status returns by itself.",
  needs: "edit-policies",
  params: ofTeam,
  query: nothing,
  body: z.strictObject({ to: revision.describe("The revision whose settings to take.") }),
  reply: team,
  refuses: ["organisation_not_found", "team_not_found", "team_revision_not_found"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

const side = z.object({
  value: policyValue,
  origin: origin.nullable().describe("The team that sets it; null for the product's default."),
});
const keyGiven = z.object({
  id: id<"key">(),
  name: z.string(),
  groups: z.array(z.string()).describe("The names of the groups in which it comes."),
});

export const compareTeams = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/teams/:teamId/difference",
  summary:
    "What differs between what is held in two teams, or in one team here and below another parent: what a move would add and take away.",
  needs: "read-teams",
  params: ofTeam,
  query: z.union([
    z.strictObject({
      to: id<"team">().describe("The other team, where a user would move. This, or `parent`."),
    }),
    z.strictObject({
      parent: id<"team">().describe("The other parent, where the team would move. This, or `to`."),
    }),
  ]),
  body: nothing,
  reply: z.object({
    settings: z.array(z.object({ setting: z.string(), from: side, to: side })),
    keysAdded: z.array(keyGiven),
    keysTakenAway: z.array(keyGiven),
  }),
  refuses: ["organisation_not_found", "team_not_found", "team_is_root", "team_move_cyclic"],
});
export type Difference = z.output<typeof compareTeams.reply>;

export const proposal = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("team-policy"), teamId: id<"team">(), policy }),
    z.strictObject({
      kind: z.literal("team-groups"),
      teamId: id<"team">(),
      groupIds: z.array(id<"group">()).max(1000),
    }),
    z.strictObject({ kind: z.literal("team-parent"), teamId: id<"team">(), parentId: id<"team">() }),
    z.strictObject({
      kind: z.literal("licence-until"),
      licenceId: id<"licence">(),
      until: z.iso.date().nullable(),
    }),
    z.strictObject({ kind: z.literal("licence-suspended"), licenceId: id<"licence">() }),
  ])
  .meta({ id: "Proposal", description: "What could be saved." });
export type Proposal = z.output<typeof proposal>;

export const previewImpact = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/impact",
  summary: "What a change would do to everybody's status, exactly, before it is saved.",
  needs: "read-teams",
  params: inOrganisation,
  query: nothing,
  body: proposal,
  reply: z.object({
    asOf: z.iso.datetime(),
    before: counts,
    after: counts,
    keyFiles: z
      .int()
      .describe("How many Key-Files it would take to bring everybody who is then red up to date."),
  }),
  refuses: [
    "organisation_not_found",
    "team_not_found",
    "licence_not_found",
    "group_not_found",
    "policy_invalid",
    "team_is_root",
    "team_move_cyclic",
  ],
  reads: true,
});
export type Impact = z.output<typeof previewImpact.reply>;
