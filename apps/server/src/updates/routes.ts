// What answers for updates.

import { updates, type Posting as Shown } from "@lockstep/api";

import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import { cancelUpdate, commandUser, startPosting } from "./commands.ts";
import { listUpdates } from "./panel/store.ts";
import { loadPosting, type Posting } from "./postings/store.ts";

function shownOf({ id, users, done, posted, startedAt, endedAt }: Posting): Shown {
  return { id, users, done, posted, startedAt, endedAt };
}

interface Parts {
  readonly database: Database;
  readonly onPosted: () => void;
  readonly onPosting: () => void;
}

export function updateRoutes({ database, onPosted, onPosting }: Parts): Route[] {
  return [
    route(updates.listUpdates, async ({ params: { organisationId }, query }) => {
      const { limit } = query;
      const found = await database.snapshot((snapshot) =>
        listUpdates(snapshot, organisationId, { ...query, limit: limit + 1 }),
      );
      return { updates: found.slice(0, limit), more: found.length > limit };
    }),
    route(updates.cancelUpdate, async ({ writing, params: { organisationId, updateId } }) => {
      const update = await cancelUpdate(writing, organisationId, updateId);
      onPosted();
      return update;
    }),
    route(updates.postKeyFiles, async ({ writing, params: { organisationId }, body }) => {
      const posting = await startPosting(writing, organisationId, body);
      onPosting();
      return shownOf(posting);
    }),
    route(updates.showPosting, async ({ params: { organisationId, postingId } }) =>
      shownOf(await database.snapshot((snapshot) => loadPosting(snapshot, organisationId, postingId))),
    ),
    route(updates.postCommand, async ({ writing, params: { organisationId, userId }, body }) => {
      const posted = await commandUser(writing, organisationId, { userId, ...body });
      onPosted();
      return { posted };
    }),
  ];
}
