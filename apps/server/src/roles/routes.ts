// What answers for roles.

import { roleHolders, type RoleHolder } from "@lockstep/api";

import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import { loadOrganisation } from "../organisations/store.ts";
import { listHolders } from "./store.ts";

/** As the guard of the last administrator has it: of those who can sign in, nobody else in the same role. */
function isLast(
  all: readonly Omit<RoleHolder, "isLast">[],
  { role, user }: Omit<RoleHolder, "isLast">,
): boolean {
  if (role === "helpdesk") return false;
  return !all.some((other) => other.role === role && other.canSignIn && other.user.id !== user.id);
}

export function roleRoutes(database: Database): Route[] {
  return [
    route(roleHolders.listRoleHolders, ({ params: { organisationId } }) =>
      database.snapshot(async (snapshot) => {
        await loadOrganisation(snapshot, organisationId);
        const all = await listHolders(snapshot, organisationId);
        return { holders: all.map((holder) => ({ ...holder, isLast: isLast(all, holder) })) };
      }),
    ),
  ];
}
