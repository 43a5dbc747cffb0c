// Exported people as a CSV (RFC 4180), for spreadsheets: no cell of it is taken for a formula.

import { accountStatuses, encryptionStatuses } from "@lockstep/core";

import type { ExportedPerson } from "./people-exports.ts";

const columns = [
  ...["verdict", "name", "username", "email", "team", "encryption", "account", "reason", "since"],
  ...["last activity", "disabled on"],
] as const;

function valuesOf(person: ExportedPerson): readonly (string | null)[] {
  if (person.verdict === "deleted") {
    return columns.map((column) =>
      column === "verdict" ? person.verdict : column === "username" ? person.username : null,
    );
  }
  const { verdict, name, username, email, team, encryption, account, accountReason } = person;
  const { accountSince, activeAt, disabledOn } = person;
  return [
    ...[verdict, name, username, email, team.join(" / ")],
    ...[encryptionStatuses[encryption].label, accountStatuses[account].label, accountReason],
    ...[accountSince, activeAt, disabledOn],
  ];
}

/**
 * Where a spreadsheet would begin to calculate: at the beginning of a cell, and after what some take for the end of
 * one in spite of the quotes (OWASP, CSV Injection).
 */
const formula = /(?<=^|[;\t\r\n])(?=[=+\-@\t\r\n＝＋－＠])/gu;

/** One cell: harmless, and in quotes where RFC 4180 §2 wants them. */
function cellOf(value: string): string {
  const harmless = value.replace(formula, "'");
  return /[",;\t\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/**
 * A line for each person after the one that names the columns; every line ends in CR LF. Times are those of the
 * interface: ISO 8601 in UTC. Who was deleted has a username and nothing else.
 */
export function peopleCsv(people: readonly ExportedPerson[]): string {
  const lines = [columns, ...people.map(valuesOf)];
  return lines.map((values) => `${values.map((value) => cellOf(value ?? "")).join(",")}\r\n`).join("");
}

/** The same as a file, in UTF-8: spreadsheets know it by the byte order mark. */
export function peopleCsvFile(people: readonly ExportedPerson[]): string {
  return `\uFEFF${peopleCsv(people)}`;
}
