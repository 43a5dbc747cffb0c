// What answers for workstations.

import { workstations } from "@lockstep/api";

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import {
  declareLost,
  gatherExposure,
  gatherWanted,
  loadWorkstation,
  moveWorkstation,
  postWorkstationPolicy,
  shownOf,
} from "./commands.ts";
import { listWorkstations } from "./store.ts";

interface Parts {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyEncryption: KeyEncryption;
  readonly onPosted: () => void;
}

export function workstationRoutes({ database, clock, keyEncryption, onPosted }: Parts): Route[] {
  return [
    route(workstations.listWorkstations, ({ params: { organisationId }, query }) =>
      database.snapshot(async (snapshot) => {
        const { limit } = query;
        const found = await listWorkstations(snapshot, organisationId, { ...query, limit: limit + 1 });
        const wanted = await gatherWanted(snapshot, organisationId);
        const shown = found.slice(0, limit).map((each) => shownOf(each, wanted, clock()));
        return { workstations: shown, more: found.length > limit };
      }),
    ),
    route(workstations.showWorkstation, ({ params: { organisationId, workstationId } }) =>
      database.snapshot(async (snapshot) => {
        const found = await loadWorkstation(snapshot, organisationId, workstationId);
        return shownOf(found, await gatherWanted(snapshot, organisationId), clock());
      }),
    ),
    route(workstations.moveWorkstation, ({ writing, params: { organisationId, workstationId }, body }) =>
      moveWorkstation(writing, organisationId, { workstationId, ...body }),
    ),
    route(workstations.postWorkstationPolicy, async ({ writing, params }) => {
      const posted = await postWorkstationPolicy(writing, params.organisationId, params.workstationId);
      onPosted();
      return { posted };
    }),
    route(workstations.showExposure, ({ params: { organisationId, workstationId } }) =>
      database.snapshot((snapshot) => gatherExposure(snapshot, organisationId, workstationId)),
    ),
    route(workstations.declareLost, async ({ writing, params, body }) => {
      const { organisationId, workstationId } = params;
      const exposure = await declareLost({ writing, keyEncryption }, organisationId, {
        workstationId,
        ...body,
      });
      onPosted();
      return exposure;
    }),
  ];
}
