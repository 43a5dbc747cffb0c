// What the addresses of the directories' rooms say: whom of a directory one looks at, and which rows of a plan.

import { planActions } from "@lockstep/api";
import { z } from "zod";

export const listedStates = ["unlinked", "linked", "ignored"] as const;

const directorySearch = z.object({
  state: z.enum(listedStates).optional().catch(undefined),
  search: z.string().trim().min(1).max(100).optional().catch(undefined),
});

/** Whom of a directory. What an address has that makes no sense is left out. */
export type EntryFilter = z.output<typeof directorySearch>;

export const parseDirectorySearch = (parameters: Record<string, unknown>): EntryFilter =>
  directorySearch.parse(parameters);

const runSearch = z.object({ action: z.enum(planActions).optional().catch(undefined) });

export const parseRunSearch = (parameters: Record<string, unknown>): z.output<typeof runSearch> =>
  runSearch.parse(parameters);
