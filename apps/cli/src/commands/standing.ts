// One user's page: which status, why, since when, and what to do next.

import type { Standing } from "@lockstep/api";
import { encryptionStatuses } from "@lockstep/core";

import { fields, momentOf, paragraph, table } from "../layout.ts";
import { accountWord } from "../statuses.ts";

function evidenceLine({ sentence, at, by }: Standing["reasons"][number]["evidence"][number]): string {
  const when = [at === null ? null : momentOf(at), by === null ? null : `by ${by}`]
    .filter(Boolean)
    .join(", ");
  return paragraph("       - ", when === "" ? sentence : `${sentence} (${when})`);
}

function whyScreen(reasons: Standing["reasons"]): string {
  return reasons
    .flatMap(({ sentence, evidence }) => [paragraph("why    ", sentence), ...evidence.map(evidenceLine)])
    .join("\n");
}

function nextScreen(steps: Standing["next"]): string {
  if (steps.length === 0) return "next   Nothing needs doing.";
  return steps
    .flatMap(({ who, sentence, then }) => [
      paragraph("next   ", `${who}: ${sentence}`),
      paragraph("       ", `then: ${then}`),
    ])
    .join("\n");
}

function workstationsScreen(workstations: Standing["workstations"]): string {
  const rows = workstations.map(({ name, matches, version, lastReportAt, updates }) => [
    name,
    matches ? "yes" : "no",
    version,
    lastReportAt === null ? null : momentOf(lastReportAt),
    updates.map(({ kind, state }) => `${kind} ${state}`).join(", "),
  ]);
  return table(["WORKSTATION", "MATCHES", "VERSION", "LAST REPORT", "UPDATES"], rows);
}

export function standingScreen(standing: Standing): string {
  const { user, encryption, encryptionSince, account, reasons, next, workstations } = standing;
  const { label, colour } = encryptionStatuses[encryption];
  const status = {
    word: `${label} (${colour}) since ${momentOf(encryptionSince)}`,
    colour,
  };
  const who = fields([
    ["user", `${user.name} (${user.username})`],
    ["team", user.team],
    ["status", account === "deleted" ? "–" : status],
    ["account", accountWord(account)],
  ]);
  const parts = [
    who,
    ...(reasons.length === 0 ? [] : [whyScreen(reasons)]),
    nextScreen(next),
    ...(workstations.length === 0 ? [] : [workstationsScreen(workstations)]),
  ];
  return parts.join("\n\n");
}
