// One page of users with their statuses, whichever way of finding them is the cheapest.

import type { AccountStatus, Day, EncryptionStatus, OrganisationId, TeamId } from "@lockstep/core";

import type { Snapshot } from "../db/database.ts";
import { sortNameOf } from "../users/store.ts";
import { codesOf, meaningOf, type Filter } from "./facts-code.ts";
import {
  countUsers,
  listPostures,
  listUsersByName,
  mergePostures,
  searchUsers,
  walkPostures,
  type Cursor,
  type ListedUser,
  type PageOf,
} from "./store.ts";

export interface Query extends Filter {
  readonly organisationId: OrganisationId;
  readonly teams: readonly TeamId[] | null;
  readonly search: string | null;
  readonly after: Cursor | null;
  readonly limit: number;
}

export interface Row extends Omit<ListedUser, "code" | "sortName"> {
  readonly encryption: EncryptionStatus;
  readonly account: AccountStatus;
}

export interface Page {
  readonly users: readonly Row[];
  /** Where the next page begins; null after the last. */
  readonly next: Cursor | null;
}

/** So many users are looked at by name before postures are asked for: enough for every common status. */
const windowSize = 400;

/** Reading one index row past a user who does not match costs about this much of fetching from a posture. */
const costOfMergedRow = 2;

export async function listPage(snapshot: Snapshot, query: Query, today: Day): Promise<Page> {
  const { organisationId, after, limit } = query;
  // One more than asked for says whether there is a next page.
  const found = await find(snapshot, query, { organisationId, after, today, limit: limit + 1 });
  const users = found.slice(0, limit);
  const last = users.at(-1);
  return {
    users: users.map(({ code, id, name, username, teamId, team }) => {
      const { encryption, account } = meaningOf(code).statuses;
      return { id, name, username, teamId, team, encryption, account };
    }),
    next: found.length > limit && last !== undefined ? { sortName: last.sortName, id: last.id } : null,
  };
}

async function find(snapshot: Snapshot, query: Query, page: PageOf): Promise<ListedUser[]> {
  const codes = codesOf(query);
  const { organisationId, teams, search } = query;
  if (search === null && teams === null) {
    const wanted = new Set(codes);
    const seen = await listUsersByName(snapshot, { ...page, limit: windowSize });
    const matching = seen.filter(({ code }) => wanted.has(code));
    if (matching.length >= page.limit || seen.length < windowSize) return matching.slice(0, page.limit);
  }
  const postures = await listPostures(snapshot, { organisationId, teams }, page.today, codes);
  const ids = postures.map(({ id }) => id);
  if (search !== null) {
    const beginning = sortNameOf(search.trim());
    return searchUsers(snapshot, page, { beginning, postures: ids });
  }
  const matching = postures.reduce((sum, { n }) => sum + n, 0);
  const merged = Math.min(matching, ids.length * page.limit) + ids.length;
  // Matches are spread evenly over the names, as far as anybody knows.
  const walked =
    matching === 0 ? Infinity : (page.limit * (await countUsers(snapshot, organisationId))) / matching;
  return walked < merged * costOfMergedRow
    ? walkPostures(snapshot, page, ids)
    : mergePostures(snapshot, page, ids);
}
