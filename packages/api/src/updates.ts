// Updates on the wire: whatever is posted to workstations, Key-Files and commands, and how far each has come.

import { updateKinds, updateStates } from "@lockstep/core";
import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, inOrganisation, nothing, ofUser } from "./shapes.ts";

const update = z
  .object({
    id: id<"update">(),
    kind: z.enum(updateKinds),
    state: z.enum(updateStates),
    user: z.object({ id: id<"user">(), name: z.string() }),
    workstation: z.object({ id: id<"workstation">(), name: z.string() }),
    version: z.int().nullable().describe("Of a Key-File."),
    by: z.string().describe("Who posted it."),
    postedAt: z.iso.datetime(),
    deliveredAt: z.iso.datetime().nullable().describe("When the relay had it."),
    fetchedAt: z.iso.datetime().nullable().describe("When the workstation fetched it from the relay."),
    endedAt: z.iso.datetime().nullable(),
    isCancelAsked: z.boolean().describe("It is cancelled unless the workstation already has it."),
    outcome: z.string().nullable().describe("Why it failed or was rejected: a code."),
    detail: z.string().nullable(),
  })
  .meta({ id: "Update", description: "Something posted to a workstation." });
export type Update = z.output<typeof update>;

export const listUpdates = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/updates",
  summary: "Updates, newest first: of the organisation, of one user, or of one workstation.",
  needs: "read-standing",
  params: inOrganisation,
  query: z.strictObject({
    user: id<"user">().optional(),
    workstation: id<"workstation">().optional(),
    state: z.enum([...updateStates, "outstanding"]).optional(),
    after: id<"update">().optional().describe("The last one of the page before."),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  body: nothing,
  reply: z.object({ updates: z.array(update), more: z.boolean() }),
  refuses: ["organisation_not_found"],
});

export const cancelUpdate = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/updates/:updateId/cancel",
  summary:
    "Cancels an update. It succeeds if the workstation has not fetched it; else it ends as the workstation reports.",
  needs: "post-updates",
  params: inOrganisation.extend({ updateId: id<"update">() }),
  query: nothing,
  body: nothing,
  reply: update,
  refuses: ["organisation_not_found", "update_not_found", "update_ended"],
});

const posting = z
  .object({
    id: id<"posting">(),
    users: z.int().describe("Whom it is about."),
    done: z.int().describe("How many of them were looked at so far."),
    posted: z.int().describe("Key-Files posted so far: one for each of their workstations."),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "Posting", description: "Key-Files are posted to many users, in batches." });
export type Posting = z.output<typeof posting>;

export const postKeyFiles = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/key-files",
  summary:
    "Posts Key-Files to those who require one: of some users, of a team and those below it, or of the organisation. Blocked accounts are passed over.",
  needs: "post-updates",
  params: inOrganisation,
  query: nothing,
  body: z
    .strictObject({
      userIds: z.array(id<"user">()).min(1).max(5000).optional(),
      teamId: id<"team">().optional(),
    })
    .refine(
      ({ userIds, teamId }) => userIds === undefined || teamId === undefined,
      "expected users or a team",
    ),
  reply: posting,
  refuses: ["organisation_not_found", "user_not_found", "team_not_found"],
  creates: true,
});

export const showPosting = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/postings/:postingId",
  summary: "How far a posting has come.",
  needs: "read-standing",
  params: inOrganisation.extend({ postingId: id<"posting">() }),
  query: nothing,
  body: nothing,
  reply: posting,
  refuses: ["organisation_not_found", "posting_not_found"],
});

export const commandKinds = ["deactivate", "force-password-change", "lock", "unlock"] as const;

export const postCommand = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/users/:userId/commands",
  summary: "Posts a command to the user's workstations, or to one of them.",
  needs: "post-updates",
  params: ofUser,
  query: nothing,
  body: z.strictObject({
    kind: z
      .enum(commandKinds)
      .describe("`deactivate` wipes: the user's Key-File and keys are gone from there."),
    workstationId: id<"workstation">().optional().describe("All of them if left out."),
  }),
  reply: z.object({ posted: z.int() }),
  refuses: ["organisation_not_found", "user_not_found", "workstation_not_found", "user_not_active"],
  creates: true,
});
