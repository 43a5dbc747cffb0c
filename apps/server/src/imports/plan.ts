// What each row of an imported file would make: a person, or the reason why not. Pure; whether a username was given
// before is the database's to say.

import { shapes, type RowVerdict } from "@lockstep/api";
import type { TeamId } from "@lockstep/core";

import type { Row } from "./csv.ts";

export interface Person {
  readonly name: string;
  readonly username: string;
  readonly email: string | null;
  readonly teamId: TeamId;
}

interface Refused {
  readonly verdict: RowVerdict;
  readonly username: string | null;
}

export type Planned = { readonly person: Person } | Refused;

/** A team as rows can name it. */
export interface NamedTeam {
  readonly id: TeamId;
  readonly parentId: TeamId | null;
  readonly name: string;
}

type Teams = ReadonlyMap<string, readonly TeamId[]>;

/** As names are compared: no capitals. */
export const folded = (name: string) => name.normalize("NFC").toLowerCase();

/** Every way to write a team, its name or the end of its path, with those that are written so. */
export function teamsByWriting(all: readonly NamedTeam[]): Teams {
  const byId = new Map(all.map((team) => [team.id, team]));
  const writings = all.flatMap((team) => {
    const own: [string, TeamId][] = [];
    let path = "";
    for (let level: NamedTeam | undefined = team; level !== undefined;) {
      path = path === "" ? level.name : `${level.name}/${path}`;
      own.push([folded(path), team.id]);
      level = level.parentId === null ? undefined : byId.get(level.parentId);
    }
    return own;
  });
  const grouped = Map.groupBy(writings, ([writing]) => writing);
  return new Map([...grouped].map(([writing, pairs]) => [writing, pairs.map(([, id]) => id)]));
}

export interface Grounds {
  readonly teams: Teams;
  /** Where rows without a team go. */
  readonly teamId: TeamId;
  /** Of earlier rows that were, or would have been, people. */
  readonly usernames: ReadonlySet<string>;
}

/** What is wrong with the values of a row, if anything is. */
function faultOf({ name = "", username = "", email = "" }: NonNullable<Row>): RowVerdict | null {
  if (name === "") return "name-missing";
  if (username === "") return "username-missing";
  if (email !== "" && !shapes.email.safeParse(email).success) return "email-invalid";
  const isSound = shapes.name.safeParse(name).success && shapes.username.safeParse(username).success;
  return isSound ? null : "value-invalid";
}

/** Whom a row speaks of, or what is wrong with it. Without a username, one is made of the mail address. */
export function readPerson(row: NonNullable<Row>): { readonly person: Omit<Person, "teamId"> } | Refused {
  const { email = "" } = row;
  const username = row.username === undefined || row.username === "" ? email : row.username;
  const verdict = faultOf({ ...row, username });
  if (verdict !== null) return { verdict, username: username === "" ? null : username };
  return {
    person: {
      name: shapes.name.parse(row.name),
      username: shapes.username.parse(username),
      email: email === "" ? null : email,
    },
  };
}

/** The team that a row names, or why not. */
export function teamNamed(
  team: string,
  { teams, teamId: home }: Omit<Grounds, "usernames">,
): { readonly teamId: TeamId } | { readonly verdict: "team-unknown" | "team-ambiguous" } {
  const [teamId, another] = team === "" ? [home] : (teams.get(folded(team)) ?? []);
  if (teamId === undefined) return { verdict: "team-unknown" };
  return another === undefined ? { teamId } : { verdict: "team-ambiguous" };
}

function plannedOf(row: Row, grounds: Omit<Grounds, "usernames">): Planned {
  if (row === null) return { verdict: "row-malformed", username: null };
  const read = readPerson(row);
  if ("verdict" in read) return read;
  const team = teamNamed(row.team ?? "", grounds);
  const { username } = read.person;
  return "verdict" in team ? { ...team, username } : { person: { ...read.person, ...team } };
}

/** Of some rows, in their order. Of two with one username the first counts. */
export function planImport(rows: readonly Row[], grounds: Grounds): Planned[] {
  const seen = new Set<string>();
  return rows.map((row) => {
    const planned = plannedOf(row, grounds);
    if (!("person" in planned)) return planned;
    const { username } = planned.person;
    if (seen.has(username) || grounds.usernames.has(username))
      return { verdict: "username-repeated", username };
    seen.add(username);
    return planned;
  });
}
