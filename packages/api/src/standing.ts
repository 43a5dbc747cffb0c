// Standings on the wire: counts, pages, explanations, timelines.

import {
  accountReasonCodes,
  accountStatuses,
  conditionTypes,
  encryptionReasonCodes,
  encryptionStatuses,
  steps,
  updateKinds,
  updateStates,
  type AccountStatus,
  type EncryptionStatus,
  type StepCode,
} from "@lockstep/core";
import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, inOrganisation, nothing, ofUser, truth } from "./shapes.ts";

function keys<Key extends string>(record: Record<Key, unknown>): z.ZodType<Key> {
  return z.enum(Object.keys(record) as [Key, ...Key[]]);
}

export const encryptionStatus = keys<EncryptionStatus>(encryptionStatuses).meta({
  id: "EncryptionStatus",
  description: "The first of these that fits.",
  "x-enum-descriptions": Object.values(encryptionStatuses).map(({ label, colour }) => `${label}: ${colour}.`),
});
export const accountStatus = keys<AccountStatus>(accountStatuses).meta({
  id: "AccountStatus",
  description: "The first of these that fits.",
});
const users = z.int().min(0);

export const counts = z
  .object({
    encryption: z.record(encryptionStatus, users),
    account: z.record(accountStatus, users),
  })
  .meta({
    id: "Counts",
    description: "Exact numbers of users. Whose account is deleted is in no encryption status.",
  });
export type Counts = z.output<typeof counts>;

export const step = z
  .object({
    code: keys<StepCode>(steps),
    who: z.string(),
    sentence: z.string(),
    then: z.string().describe("What follows when it is taken."),
  })
  .meta({ id: "Step", description: "What somebody can do next." });

const evidence = z
  .object({
    code: z.string(),
    sentence: z.string(),
    at: z.iso.datetime().nullable(),
    by: z.string().nullable(),
    detail: z.record(z.string(), z.json()),
  })
  .meta({
    id: "Evidence",
    description: "One thing that a reason rests on: a code of its own, a sentence, and the particulars.",
  });

const reason = z
  .object({
    code: z.enum([...encryptionReasonCodes, ...accountReasonCodes]),
    sentence: z.string(),
    evidence: z.array(evidence),
  })
  .meta({ id: "Reason", description: "Why a status is what it is. Codes are for ever." });

const workstation = z
  .object({
    id: id<"workstation">(),
    name: z.string(),
    matches: z.boolean().describe("Whether it holds, or will hold, what it should."),
    version: z.int().describe("Of the Key-File."),
    lastReportAt: z.iso.datetime().nullable(),
    updates: z.array(
      z.object({
        id: id<"update">(),
        kind: z.enum(updateKinds),
        state: z.enum(updateStates),
        postedAt: z.iso.datetime(),
      }),
    ),
  })
  .meta({ id: "Workstation", description: "A machine on which the user is active." });

export const standing = z
  .object({
    coreVersion: z.int().describe("Rises when the meaning of a standing changes."),
    asOf: z.iso.datetime(),
    user: z.object({
      id: id<"user">(),
      name: z.string(),
      username: z.string(),
      email: z.string().nullable(),
      teamId: id<"team">(),
      team: z.string(),
    }),
    encryption: encryptionStatus,
    encryptionSince: z.iso.datetime(),
    account: accountStatus,
    conditions: z.array(z.object({ type: z.enum(conditionTypes), holds: z.boolean() })),
    reasons: z.array(reason),
    next: z.array(step),
    workstations: z.array(workstation),
  })
  .meta({
    id: "Standing",
    description: "The two statuses of a user: why, since when, and what to do next.",
  });
export type Standing = z.output<typeof standing>;

const withSubTeams = truth.default(true).describe("Whether those of the teams below it count too.");

export const countInstallation = endpoint({
  method: "GET",
  path: "/standing",
  summary: "How many users of the whole installation have each status.",
  needs: "read-installation",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: z.object({ asOf: z.iso.datetime(), counts }),
  refuses: [],
});

export const countOrganisation = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/standing",
  summary: "How many users of an organisation, or of one team of it, have each status.",
  needs: "read-standing",
  params: inOrganisation,
  query: z.strictObject({ team: id<"team">().optional(), subTeams: withSubTeams }),
  body: nothing,
  reply: z.object({ asOf: z.iso.datetime(), counts }),
  refuses: ["organisation_not_found", "team_not_found"],
});

const row = z
  .object({
    id: id<"user">(),
    name: z.string(),
    username: z.string(),
    teamId: id<"team">(),
    team: z.string(),
    encryption: encryptionStatus,
    account: accountStatus,
  })
  .meta({ id: "UserRow", description: "A user in a list." });
export type UserRow = z.output<typeof row>;

export const listUsers = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/users",
  summary: "A page of users by name with their statuses, and the counts of the same moment.",
  needs: "read-people",
  params: inOrganisation,
  query: z.strictObject({
    status: encryptionStatus.optional(),
    account: accountStatus.optional(),
    without: z.enum(conditionTypes).optional().describe("Only users for whom this condition does not hold."),
    team: id<"team">().optional(),
    subTeams: withSubTeams,
    search: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe("What a name or a username begins with; accents and capitals do not matter."),
    after: z.string().max(2000).optional().describe("From `next` of the page before."),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  body: nothing,
  reply: z.object({
    asOf: z.iso.datetime(),
    counts,
    users: z.array(row),
    next: z.string().nullable().describe("For `after` of the next page; null after the last."),
  }),
  refuses: ["organisation_not_found", "team_not_found", "cursor_invalid"],
});

export const showStanding = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/users/:userId/standing",
  summary: "The two statuses of one user: why, since when, and what to do next.",
  needs: "read-standing",
  params: ofUser,
  query: nothing,
  body: nothing,
  reply: standing,
  refuses: ["organisation_not_found", "user_not_found"],
});

const timelineEntry = z
  .object({
    id: id<"event">(),
    at: z.iso.datetime(),
    kind: z.string(),
    sentence: z.string(),
    by: z.string(),
    of: z
      .enum(["user", "team", "licence", "organisation"])
      .describe(
        "Whose change it was: the user's own, or one of the team's, the licence's, the organisation's.",
      ),
    detail: z.record(z.string(), z.json()),
  })
  .meta({ id: "TimelineEntry", description: "A change that touched a user." });
export type TimelineEntry = z.output<typeof timelineEntry>;

export const showTimeline = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/users/:userId/timeline",
  summary: "Every change that touched one user, newest first, with those of the team while a member of it.",
  needs: "read-standing",
  params: ofUser,
  query: z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
  body: nothing,
  reply: z.object({ entries: z.array(timelineEntry) }),
  refuses: ["organisation_not_found", "user_not_found"],
});
