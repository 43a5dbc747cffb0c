// Shapes of directories that their endpoints have in common: a run, a row of its plan, and why one failed.

import { z } from "zod";

import { planActions, planCodes, runFailures, type PlanAction, type PlanCode } from "./directory-codes.ts";
import { id } from "./shapes.ts";

export const directoryKinds = ["active-directory", "openldap", "389-ds"] as const;
export const directoryModes = ["manual", "team", "units"] as const;

export const directoryRunStates = [
  "waiting",
  "reading",
  "planning",
  "held",
  "applying",
  "done",
  "failed",
  "cancelled",
  "superseded",
] as const;

/** Of an entry; looser than RFC 9562, because directories are. */
export const objectId = id<"directory-object">();

export const ofDirectory = z.object({ organisationId: id<"organisation">(), directoryId: id<"directory">() });
export const directoriesPath = "/organisations/:organisationId/directories";
export const directoryPath = `${directoriesPath}/:directoryId`;

export const failure = z
  .object({
    code: z.string(),
    sentence: z.string(),
    remedy: z.string(),
  })
  .meta({
    id: "DirectoryFailure",
    description: "Why a directory could not be read, and what to do about it.",
  });

/** The failure of a code, whole. */
export function failureOf(code: string): z.output<typeof failure> {
  const known: Readonly<Record<string, { sentence: string; remedy: string }>> = runFailures;
  const { sentence, remedy } = known[code] ?? runFailures["directory-failed"];
  return { code, sentence, remedy };
}

const counts = z
  .object(Object.fromEntries(planActions.map((action) => [action, z.int()])) as Record<PlanAction, z.ZodInt>)
  .describe("How many rows of the plan there are of each kind.");

export const directoryRun = z
  .object({
    id: id<"directory-run">(),
    kind: z
      .enum(["full", "changes", "chosen"])
      .describe("Everything was read, what had changed, or nothing: those that were chosen."),
    isDryRun: z.boolean(),
    state: z.enum(directoryRunStates),
    by: z.string().nullable().describe("Who started it; null for the schedule."),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    read: z.int().describe("How many entries were read."),
    isComplete: z
      .boolean()
      .describe("Whether everybody was read. Only then can somebody be seen to be gone."),
    incompleteBecause: failure.nullable(),
    counts,
    rows: z.int(),
    done: z.int().describe("How many rows have been applied, or left out."),
    held: z
      .object({
        vanishing: z.int(),
        linked: z.int(),
        limit: z.int(),
        sentence: z.string(),
      })
      .nullable()
      .describe("Why nothing is applied until somebody confirms it."),
    confirmedBy: z.string().nullable(),
    confirmedAt: z.iso.datetime().nullable(),
    failure: failure.nullable(),
  })
  .meta({
    id: "DirectoryRun",
    description: "One reading of a directory, its plan and how far that is applied.",
  });
export type DirectoryRun = z.output<typeof directoryRun>;

const planCode = z.enum(Object.keys(planCodes) as [PlanCode, ...PlanCode[]]).meta({
  id: "PlanCode",
  description: "What becomes of one person, or why nothing does.",
  "x-enum-descriptions": Object.values(planCodes).map(({ meaning }) => meaning),
});

export const planRow = z
  .object({
    row: z.int(),
    action: z.enum(planActions),
    code: planCode,
    objectId: objectId.describe("What the directory never changes: objectGUID or entryUUID."),
    name: z.string(),
    username: z.string().nullable(),
    place: z.string().describe("The distinguished name."),
    userId: id<"user">().nullable().describe("Whom it is about, or whose username it is."),
    changes: z.array(z.string()).describe("What becomes different, in words."),
    meaning: z.string(),
    remedy: z.string(),
    heals: z.boolean().describe("Whether it heals by itself."),
    outcome: z
      .enum(["applied", "changed-meanwhile"])
      .nullable()
      .describe("Null until it is applied, and for rows that change nothing."),
  })
  .meta({ id: "DirectoryPlanRow", description: "One row of a plan: what becomes of one person, and why." });
export type DirectoryPlanRow = z.output<typeof planRow>;
