// One page of users with their statuses, whichever way of finding them is the cheapest.

import type { AccountStatus, Day, EncryptionStatus, OrganisationId, TeamId } from "@lockstep/core";

import type { Snapshot } from "../db/database.ts";
import { loadOrganisationState } from "../organisations/store.ts";
import { sortNameOf } from "../users/store.ts";
import { meaningOf, passingOf, type Filter } from "./facts-code.ts";
import { listBeginning, listPassing, type Cursor, type ListedUser, type PageOf } from "./store.ts";

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
  const { teams, search } = query;
  const { state, authorityState } = await loadOrganisationState(snapshot, query.organisationId);
  const wanted = { passing: passingOf(query, { organisation: state, authority: authorityState }), teams };
  if (search === null) return listPassing(snapshot, page, wanted);
  return listBeginning(snapshot, page, { ...wanted, beginning: sortNameOf(search.trim()) });
}
