// What answers for people, as entered; how they stand is answered for in standing.

import { users } from "@lockstep/api";

import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import { addUser, editUser, moveUsers, removeUser, setUserGroups, shownOf } from "./commands.ts";
import { gatherUserHoldings } from "./holdings.ts";
import { loadUser } from "./store.ts";

export function userRoutes(database: Database): Route[] {
  return [
    route(users.addUser, ({ writing, params, body }) => addUser(writing, params.organisationId, body)),
    route(users.showUser, ({ params: { organisationId, userId } }) =>
      database.snapshot(async (snapshot) => shownOf(await loadUser(snapshot, organisationId, userId))),
    ),
    route(users.editUser, ({ writing, params: { organisationId, userId }, body, match }) =>
      editUser(writing, organisationId, { userId, revision: match, ...body }),
    ),
    route(users.moveUsers, async ({ writing, params, body }) => ({
      moved: await moveUsers(writing, params.organisationId, body),
    })),
    route(users.removeUser, async ({ writing, params: { organisationId, userId } }) => {
      await removeUser(writing, organisationId, userId);
      return {};
    }),
    route(users.setUserGroups, ({ writing, params: { organisationId, userId }, body, match }) =>
      setUserGroups(writing, organisationId, { userId, revision: match, ...body }),
    ),
    route(users.showUserHoldings, ({ params: { organisationId, userId } }) =>
      database.snapshot((snapshot) => gatherUserHoldings(snapshot, organisationId, userId)),
    ),
  ];
}
