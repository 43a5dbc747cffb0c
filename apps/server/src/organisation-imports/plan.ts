// What each row of a file of organisations and people asks for, and in which order they are carried out: organisation
// by organisation. Pure, and the same however often the file is read.

import { shapes, type OrganisationRowVerdict } from "@lockstep/api";

import type { Form, Row } from "../imports/csv.ts";
import { folded, readPerson, type Person } from "../imports/plan.ts";

type Column = "organisation" | "name" | "username" | "email" | "team" | "invite" | "role";

export const organisationsForm: Form<Column> = {
  columns: ["organisation", "name", "username", "email", "team", "invite", "role"],
  needed: [["organisation"], ["name"], ["username", "email"]],
};

/** What a file can give somebody in the organisation. */
const givenRoles = ["organisation-manager", "helpdesk"] as const;
type GivenRole = (typeof givenRoles)[number];

export interface Wanted extends Omit<Person, "teamId"> {
  /** As it is written; empty for the root team. */
  readonly team: string;
  readonly isInvited: boolean;
  readonly role: GivenRole | null;
}

/** A row as it was read: counted from 1, and what it wants or why that cannot be. */
export type Read = { readonly row: number } & (
  { readonly wanted: Wanted } | { readonly verdict: OrganisationRowVerdict; readonly username: string | null }
);

/** Rows of one organisation that are carried out together. */
export interface Step {
  /** As the first row of the file that names it writes it; null for rows that name none. */
  readonly organisation: string | null;
  /** How many rows have their verdict before. */
  readonly first: number;
  readonly rows: readonly Read[];
}

const answers: Readonly<Record<string, boolean>> = {
  "": false,
  no: false,
  false: false,
  "0": false,
  yes: true,
  true: true,
  "1": true,
};

const roleWritten = (text: string) =>
  givenRoles.find((role) => role === text.toLowerCase().replaceAll(/[\s_-]+/g, "-"));

/** Whether and as what somebody is let in, or what is wrong with that. */
function readAccount(
  { invite = "", role = "" }: NonNullable<Row<Column>>,
  email: string | null,
): Pick<Wanted, "isInvited" | "role"> | OrganisationRowVerdict {
  const isInvited = answers[invite.toLowerCase()];
  if (isInvited === undefined) return "invite-unclear";
  if (isInvited && email === null) return "email-missing";
  if (role === "") return { isInvited, role: null };
  const given = roleWritten(role);
  if (given === undefined) return "role-unknown";
  return isInvited ? { isInvited, role: given } : "role-needs-invitation";
}

function readRow(cells: Row<Column>): Wanted | { verdict: OrganisationRowVerdict; username: string | null } {
  if (cells === null) return { verdict: "row-malformed", username: null };
  const read = readPerson(cells);
  if ("verdict" in read) return read;
  const { username, email } = read.person;
  const { organisation = "", team = "" } = cells;
  if (organisation === "") return { verdict: "organisation-missing", username };
  if (!shapes.name.safeParse(organisation).success) return { verdict: "value-invalid", username };
  if (team !== "" && pathOf(team) === null) return { verdict: "value-invalid", username };
  const account = readAccount(cells, email);
  return typeof account === "string" ? { verdict: account, username } : { ...read.person, team, ...account };
}

const deepest = 20;

/** The teams from below the root on; null if any of them cannot be called so. */
export function pathOf(team: string): string[] | null {
  const path = team.split("/").map((name) => shapes.name.safeParse(name));
  const names = path.flatMap(({ data }) => data ?? []);
  return names.length === path.length && names.length <= deepest ? names : null;
}

/** Every row as it was read. Of several with one username the first that could be a person counts. */
function readRows(rows: readonly Row<Column>[]): Read[] {
  const seen = new Set<string>();
  return rows.map((cells, index) => {
    const row = index + 1;
    const read = readRow(cells);
    if ("verdict" in read) return { row, ...read };
    const { username } = read;
    if (seen.has(username)) return { row, verdict: "username-repeated", username };
    seen.add(username);
    return { row, wanted: read };
  });
}

/**
 * The steps of an import, organisation by organisation in the order in which the file first names them.
 * @param most rows of a step.
 */
export function stepsOf(rows: readonly Row<Column>[], most: number): Step[] {
  const named = (read: Read) => rows[read.row - 1]?.organisation ?? "";
  const steps: Step[] = [];
  let first = 0;
  for (const those of Map.groupBy(readRows(rows), (read) => folded(named(read))).values()) {
    const [any] = those;
    const organisation = any === undefined || named(any) === "" ? null : named(any);
    for (let at = 0; at < those.length; at += most) {
      const part = those.slice(at, at + most);
      steps.push({ organisation, first, rows: part });
      first += part.length;
    }
  }
  return steps;
}

/** What comes next when so many rows have their verdict; undefined after the last. */
export function stepAt(steps: readonly Step[], done: number): Step | undefined {
  const step = steps.findLast(({ first }) => first <= done);
  const rows = step?.rows.slice(done - step.first) ?? [];
  return step === undefined || rows.length === 0 ? undefined : { ...step, first: done, rows };
}
