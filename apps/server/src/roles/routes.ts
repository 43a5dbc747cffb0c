// What answers for roles.

import { roleHolders } from "@lockstep/api";

import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import { gatherRoleHolders } from "./shown.ts";

export function roleRoutes(database: Database): Route[] {
  return [
    route(roleHolders.listRoleHolders, async ({ params: { organisationId } }) => ({
      holders: await database.snapshot((snapshot) => gatherRoleHolders(snapshot, organisationId)),
    })),
  ];
}
