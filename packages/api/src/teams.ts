// Teams on the wire: what they set, their revisions, and what a change would do.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, nothing, policy } from "./shapes.ts";
import { counts } from "./standing.ts";

export const team = z.object({
  id: id<"team">(),
  parentId: id<"team">().nullable(),
  name: z.string(),
  /** What this level sets itself. */
  policy,
  groupIds: z.array(id<"group">()),
  revision: z.int(),
});
export type Team = z.output<typeof team>;

const inOrganisation = z.object({ organisationId: id<"organisation">() });
const ofTeam = z.object({ organisationId: id<"organisation">(), teamId: id<"team">() });

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
    "One team: its own settings, those that hold in it with their origins, and its revisions, newest first.",
  needs: "read-teams",
  params: ofTeam,
  query: nothing,
  body: nothing,
  reply: z.object({
    team,
    effective: z.array(
      z.object({
        setting: z.string(),
        value: z.union([z.string(), z.number(), z.boolean()]),
        /** The team that sets it; null for the product's default. */
        origin: z.object({ id: id<"team">(), name: z.string() }).nullable(),
      }),
    ),
    revisions: z.array(
      z.object({
        revision: z.int(),
        at: z.iso.datetime(),
        policy,
        /** Whether it is this team's own change; else it came from a team above, or from a key. */
        own: z.boolean(),
      }),
    ),
  }),
  refuses: ["organisation_not_found", "team_not_found"],
});

export const setTeamPolicy = endpoint({
  method: "PUT",
  path: "/organisations/:organisationId/teams/:teamId/policy",
  summary:
    "Replaces what a team sets itself. Whoever then differs is red; posting a Key-File is another step.",
  needs: "edit-policies",
  params: ofTeam,
  query: nothing,
  body: z.strictObject({
    policy,
    /** The revision that was edited; if the team has another by now, nothing is changed. */
    revision: z.int().min(1),
  }),
  reply: team,
  refuses: ["organisation_not_found", "team_not_found", "policy_invalid", "revision_changed"],
});

export const revertTeam = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/teams/:teamId/revert",
  summary:
    "Gives a team the settings and groups of an earlier revision; everybody's former status returns by itself.",
  needs: "edit-policies",
  params: ofTeam,
  query: nothing,
  body: z.strictObject({
    /** The revision whose settings to take. */
    to: z.int().min(1),
    revision: z.int().min(1),
  }),
  reply: team,
  refuses: ["organisation_not_found", "team_not_found", "team_revision_not_found", "revision_changed"],
});

/** What could be saved. */
export const proposal = z.discriminatedUnion("kind", [
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
]);
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
    /** How many Key-Files it would take to bring everybody who is then red up to date. */
    keyFiles: z.int(),
  }),
  refuses: [
    "organisation_not_found",
    "team_not_found",
    "licence_not_found",
    "group_not_found",
    "team_is_root",
    "team_move_cyclic",
  ],
});
export type Impact = z.output<typeof previewImpact.reply>;
