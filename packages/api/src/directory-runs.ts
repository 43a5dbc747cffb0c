// Runs of directories on the wire: reading now, the plan of each run, and confirming one that was held.

import { z } from "zod";

import { planActions } from "./directory-codes.ts";
import { directoryPath as one, directoryRun, ofDirectory, planRow } from "./directory-shapes.ts";
import { endpoint } from "./endpoint.ts";
import { id, nothing } from "./shapes.ts";

const ofRun = z.object({ ...ofDirectory.shape, runId: id<"directory-run">() });

export const startDirectoryRun = endpoint({
  method: "POST",
  path: `${one}/runs`,
  summary: "Reads a directory now. A dry run shows its plan and changes nothing.",
  needs: "edit-directory",
  params: ofDirectory,
  query: nothing,
  body: z.strictObject({
    kind: z.enum(["full", "changes"]).default("full"),
    isDryRun: z.boolean().default(false),
  }),
  reply: directoryRun,
  refuses: ["organisation_not_found", "directory_not_found", "directory_busy"],
  creates: true,
});

export const listDirectoryRuns = endpoint({
  method: "GET",
  path: `${one}/runs`,
  summary: "The runs of a directory, the newest first.",
  needs: "read-directory",
  params: ofDirectory,
  query: z.strictObject({
    before: id<"directory-run">().optional().describe("From `next` of the page before."),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  body: nothing,
  reply: z.object({ runs: z.array(directoryRun), next: id<"directory-run">().nullable() }),
  refuses: ["organisation_not_found", "directory_not_found"],
});

export const showDirectoryRun = endpoint({
  method: "GET",
  path: `${one}/runs/:runId`,
  summary: "How far a run has come.",
  needs: "read-directory",
  params: ofRun,
  query: nothing,
  body: nothing,
  reply: directoryRun,
  refuses: ["organisation_not_found", "directory_not_found", "directory_run_not_found"],
});

export const listPlanRows = endpoint({
  method: "GET",
  path: `${one}/runs/:runId/rows`,
  summary: "The plan of a run: what becomes of each person, and why.",
  needs: "read-directory",
  params: ofRun,
  query: z.strictObject({
    action: z.enum(planActions).optional(),
    after: z.coerce.number().int().min(0).default(0).describe("From `next` of the page before."),
    limit: z.coerce.number().int().min(1).max(1000).default(100),
  }),
  body: nothing,
  reply: z.object({ rows: z.array(planRow), next: z.int().nullable() }),
  refuses: ["organisation_not_found", "directory_not_found", "directory_run_not_found"],
});

export const confirmDirectoryRun = endpoint({
  method: "POST",
  path: `${one}/runs/:runId/confirm`,
  summary: "Lets a plan that was held be applied, in the name of whoever confirms it.",
  needs: "edit-directory",
  params: ofRun,
  query: nothing,
  body: z.strictObject({
    vanishing: z
      .int()
      .min(1)
      .describe("How many will vanish, as the plan says: it is confirmed by who has seen it."),
  }),
  reply: directoryRun,
  refuses: [
    "organisation_not_found",
    "directory_not_found",
    "directory_run_not_found",
    "directory_run_not_held",
    "directory_plan_differs",
    "directory_busy",
  ],
});

export const cancelDirectoryRun = endpoint({
  method: "POST",
  path: `${one}/runs/:runId/cancel`,
  summary: "Ends a run. What was applied stays.",
  needs: "edit-directory",
  params: ofRun,
  query: nothing,
  body: nothing,
  reply: directoryRun,
  refuses: [
    "organisation_not_found",
    "directory_not_found",
    "directory_run_not_found",
    "directory_run_ended",
  ],
});
