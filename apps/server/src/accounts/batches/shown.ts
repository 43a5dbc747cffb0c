// A batch and its rows as they are shown: without what was said to whom, and each verdict with its sentence.

import { refusals, type AccountBatch, type accountBatches } from "@lockstep/api";
import type { z } from "zod";

import { ruleSentence } from "../verdict.ts";
import { cancelled, type Batch, type listRows } from "./store.ts";

type ShownRow = z.output<typeof accountBatches.listAccountBatchRows.reply>["rows"][number];

export function shownBatch({ id, action, isDryRun, users, ...came }: Batch): AccountBatch {
  const { done, changed, cancelled, startedAt, endedAt } = came;
  return { id, action, isDryRun, users, done: done - cancelled, changed, cancelled, startedAt, endedAt };
}

const others: Readonly<Record<string, { title: string }>> = refusals;

export function shownRow(row: Awaited<ReturnType<typeof listRows>>[number]): ShownRow {
  const { verdict } = row;
  if (verdict === null || verdict === "done" || verdict === "would-be-done")
    return { ...row, sentence: null };
  if (verdict === cancelled) return { ...row, sentence: "Somebody stopped it before this account." };
  return { ...row, sentence: others[verdict]?.title ?? ruleSentence(verdict) };
}
