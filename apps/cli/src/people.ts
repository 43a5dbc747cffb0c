// People by what administrators call them: username, the part of it before the @, or id.

import { ProblemError, standings, users, type UserRow } from "@lockstep/api";
import { isId, type UserId } from "@lockstep/core";
import type { z } from "zod";

import { Failure } from "./failure.ts";
import type { Scope } from "./invocation.ts";
import { pick } from "./naming.ts";

/** How a user is named on the command line. */
export const userArgument = ["<user>", 'a username, the part of it before the @ ("bo"), or an id'] as const;

export type Person = Pick<UserRow, "id" | "name" | "username">;

type Page = z.output<typeof standings.listUsers.reply>;
type Query = z.input<typeof standings.listUsers.query>;

export async function loadPage({ call, params }: Scope, query: Query): Promise<Page> {
  return call(standings.listUsers, { params, query });
}

/** Everybody whom a filter lets through, on one page. */
export async function loadEverybody(scope: Scope, filter: Query): Promise<Page> {
  const first = await loadPage(scope, { ...filter, limit: 200 });
  const all = [...first.users];
  let { next } = first;
  while (next !== null) {
    const page = await loadPage(scope, { ...filter, limit: 200, after: next });
    all.push(...page.users);
    ({ next } = page);
  }
  return { ...first, users: all, next: null };
}

const byBeginning = "look by the beginning of a name: lockstep users list --search TEXT";

async function findById({ call, params, organisation }: Scope, userId: UserId): Promise<Person> {
  try {
    return await call(users.showUser, { params: { ...params, userId } });
  } catch (error) {
    if (!(error instanceof ProblemError && error.is("user_not_found"))) throw error;
    throw new Failure(`there is no user ${userId} in ${organisation.name}`, byBeginning);
  }
}

/** The user of a username, of the part before its @ if that is one user's only, or of an id. */
export async function findPerson(scope: Scope, text: string): Promise<Person> {
  if (isId(text)) return findById(scope, text as UserId);
  const candidates = text === "" ? [] : (await loadEverybody(scope, { search: text.slice(0, 100) })).users;
  // A whole username goes first: somebody may be called what is another's part before the @.
  const whole = candidates.filter(({ username }) => username === text.toLowerCase());
  return pick(whole.length > 0 ? whole : candidates, text, {
    noun: "user",
    place: `in ${scope.organisation.name}`,
    namesOf: ({ username }) => [username, username.split("@")[0] ?? username],
    labelOf: ({ username }) => username,
    list: byBeginning,
  });
}

/** As `findPerson`, for several. Whoever is named twice counts once. */
export async function findPeople(scope: Scope, texts: readonly string[]): Promise<Person[]> {
  const found = new Map<UserId, Person>();
  for (const text of texts) {
    const person = await findPerson(scope, text);
    found.set(person.id, person);
  }
  return [...found.values()];
}
