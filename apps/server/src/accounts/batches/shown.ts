// A batch and its rows as they are shown: without what was said to whom, and each verdict with its sentence.

import { refusals, type AccountBatch, type accountBatches } from "@lockstep/api";
import type { z } from "zod";

import { ruleSentence } from "../verdict.ts";
import type { Batch, listRows } from "./store.ts";

type ShownRow = z.output<typeof accountBatches.listAccountBatchRows.reply>["rows"][number];

export function shownBatch({ id, action, isDryRun, users, done, changed, ...times }: Batch): AccountBatch {
  const { startedAt, endedAt } = times;
  return { id, action, isDryRun, users, done, changed, startedAt, endedAt };
}

const others: Readonly<Record<string, { title: string }>> = refusals;

export function shownRow(row: Awaited<ReturnType<typeof listRows>>[number]): ShownRow {
  const { verdict } = row;
  if (verdict === null || verdict === "done" || verdict === "would-be-done")
    return { ...row, sentence: null };
  return { ...row, sentence: others[verdict]?.title ?? ruleSentence(verdict) };
}
