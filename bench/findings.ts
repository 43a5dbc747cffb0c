// What was measured beside what is promised, and the page that says so.

import { cpus } from "node:os";

import type { Large } from "./generate.ts";

export interface Finding {
  readonly what: string;
  readonly ours: string;
  readonly raw: string;
  readonly ratio: string;
  readonly promise: string;
  readonly kept: boolean;
}

export const milliseconds = (time: number): string => `${time.toFixed(2)} ms`;
export const seconds = (time: number): string => `${(time / 1000).toFixed(1)} s`;
export const percent = (part: number): string => `${(part * 100).toFixed(0)} %`;

/** For whoever waits for the table. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function tableOf(findings: readonly Finding[]): string {
  const rows = findings.map(
    ({ what, ours, raw, ratio, promise, kept }) =>
      `| ${what} | ${ours} | ${raw} | ${ratio} | ${promise} | ${kept ? "yes" : "**no**"} |`,
  );
  return [
    "| what | Lockstep | raw SQL, or what is named | ratio | promise | kept |",
    "|---|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

export function pageOf(sizes: readonly Large[], findings: readonly Finding[]): string {
  const organisations = sizes.map(
    ({ users, activations, teams }) =>
      `- ${users.toLocaleString("en")} users, ${activations.toLocaleString("en")} activations, ${teams.toLocaleString("en")} teams of which one has ${(users / 10).toLocaleString("en")} users`,
  );
  return [
    "# Performance",
    "",
    "Measured by `npm run bench` in one run on one database: the embedded PostgreSQL with durable settings. Read the",
    "ratios; the milliseconds are those of one machine.",
    "",
    `Machine: ${cpus().length} cores, Node ${process.versions.node}. Organisations in the database:`,
    "",
    ...organisations,
    "",
    tableOf(findings),
  ].join("\n");
}
