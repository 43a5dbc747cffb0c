// What this workstation holds, how old it is, and what is due.

import { status, type ActiveStatus, type Status } from "@lockstep/workstation";
import type { Command } from "commander";

import { dueOf } from "../due.ts";
import type { Invocation } from "../invocation.ts";
import { fields, momentOf, paragraph, spanOf, table } from "../layout.ts";

const licences: Readonly<Record<string, string>> = { perpetual: "perpetual", none: "none" };

function licenceOf({ licenceUntil }: ActiveStatus): string {
  if (licenceUntil === null) return "the server has not said";
  return licences[licenceUntil] ?? `until ${licenceUntil}`;
}

function when(seconds: number | null, now: number): string {
  return seconds === null ? "never" : `${momentOf(seconds)} (${spanOf(Math.max(0, now - seconds))} ago)`;
}

function activeScreen(active: ActiveStatus, now: number): string {
  const { keyFile, keys, freshness } = active;
  const head = fields([
    ["organisation", active.organisation],
    ["user", active.user],
    ["workstation", active.workstation],
    [
      "Key-File",
      `version ${keyFile.version} of epoch ${keyFile.epoch}, ${active.isLoggedIn ? "open" : "closed"}`,
    ],
    ["applied", when(keyFile.appliedAt, now)],
    ["server heard", `${when(freshness.since, now)}, ${freshness.freshness}`],
    ["synced", when(active.syncedAt, now)],
    ["next sync", momentOf(active.nextSyncAt)],
    ["licence", licenceOf(active)],
    ...(active.unsentReports > 0
      ? [["reports", `${active.unsentReports} not read by the server yet`] as const]
      : []),
  ]);
  const rows = keys.map(({ key, kv, use, own }) => [key, kv, use, own ? "yours" : "team's"]);
  return keys.length === 0 ? head : `${head}\n\n${table(["KEY", "VERSION", "TO", "WHOSE"], rows)}`;
}

function headOf(found: Status, now: number): string {
  switch (found.stage) {
    case "new":
      return "Not activated.";
    case "joining":
      return fields([
        ["asked", "the server has not answered yet"],
        ["compare", `${found.digits.slice(0, 3)} ${found.digits.slice(3)}`],
        ["code until", momentOf(found.codeUntil)],
      ]);
    case "ended":
      return fields([
        ["organisation", found.organisation],
        ["deactivated", momentOf(found.endedAt)],
      ]);
    case "active":
      return activeScreen(found, now);
  }
}

async function show(invocation: Invocation): Promise<void> {
  const profile = await invocation.profile();
  const found = await status(profile);
  const now = profile.now();
  const next = dueOf(found, now);
  invocation.show({ profile: invocation.profileName, ...found, next }, () =>
    [headOf(found, now), "", paragraph("next  ", next)].join("\n"),
  );
}

export function addStatusCommand(program: Command, invocation: Invocation): void {
  program
    .command("status")
    .description("What this workstation holds, how old it is, and what is due. Asks nobody.")
    .action(() => show(invocation));
}
