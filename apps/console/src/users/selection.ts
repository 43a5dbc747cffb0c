// Which users of a list are chosen, to do something to all of them at once.

import { standings, type UserRow } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import { useState } from "react";

import { call } from "../api.ts";
import type { UserFilter } from "./filter.ts";

/** A call takes this many users. */
export const mostSelected = 10_000;

/** The most that one page gives. */
const pageSize = 200;

export interface Selection {
  readonly users: readonly UserRow[];
  readonly has: (id: UserId) => boolean;
  readonly turn: (users: readonly UserRow[], isChosen: boolean) => void;
  readonly clear: () => void;
}

/** @param of names the list: what was chosen in another one is not chosen here. */
export function useSelection(of: string): Selection {
  const none = { of, users: new Map<UserId, UserRow>() };
  const [state, setState] = useState(none);
  const { users } = state.of === of ? state : none;
  return {
    users: [...users.values()],
    has: (id) => users.has(id),
    turn: (those, isChosen) =>
      setState(() => {
        const chosen = new Map(users);
        for (const user of those) {
          if (isChosen) chosen.set(user.id, user);
          else chosen.delete(user.id);
        }
        return { of, users: chosen };
      }),
    clear: () => setState(none),
  };
}

/** Everybody whom a list would show, page by page, as far as one call can take them. */
export async function gatherUsers(organisationId: OrganisationId, filter: UserFilter): Promise<UserRow[]> {
  const found: UserRow[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(organisationId, filter, after);
    found.push(...page.users);
    after = page.next;
  } while (after !== null && found.length < mostSelected);
  return found.slice(0, mostSelected);
}

function pageOf(organisationId: OrganisationId, filter: UserFilter, after: string | null) {
  const query = { ...filter, limit: pageSize, ...(after === null ? {} : { after }) };
  return call(standings.listUsers, { params: { organisationId }, query });
}
