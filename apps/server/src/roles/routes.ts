// What answers for roles.

import { roleHolders } from "@lockstep/api";

import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import { grantRole, withdrawRole } from "./commands.ts";
import { gatherRoleHolders } from "./shown.ts";

interface Parts {
  readonly database: Database;
  /** A mail was posted. */
  readonly onMail: () => void;
}

export function roleRoutes({ database, onMail }: Parts): Route[] {
  return [
    route(roleHolders.listRoleHolders, async ({ caller, params: { organisationId } }) => ({
      holders: await database.snapshot((snapshot) =>
        gatherRoleHolders(snapshot, caller.actors, organisationId),
      ),
    })),
    route(roleHolders.grantRole, async ({ writing, caller, params }) => {
      const { organisationId, role, holderId: userId } = params;
      await grantRole({ writing, caller }, organisationId, { role, userId });
      onMail();
      return {};
    }),
    route(roleHolders.withdrawRole, async ({ writing, caller, params }) => {
      const { organisationId, role, holderId: userId } = params;
      await withdrawRole({ writing, caller }, organisationId, { role, userId });
      onMail();
      return {};
    }),
  ];
}
