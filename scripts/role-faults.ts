// The faults that `npm run faults` plants among roles: who grants them, to whom, and who keeps the last one.

import type { Fault } from "./planted-faults.ts";

const roles = "apps/server/src/roles";

export const roleFaults: readonly Fault[] = [
  {
    says: "whoever becomes the only manager is disabled with many others",
    file: "apps/server/src/accounts/commands/inactivity.ts",
    find: "if (those.some(({ id }) => administrators.has(id))) throw new AppointedMeanwhile();",
    put: "void administrators, AppointedMeanwhile;",
    tests: `${roles}/last.test.ts`,
  },
  {
    says: "the roles of two managers are withdrawn, each because of the other",
    file: `${roles}/commands.ts`,
    find: "  await lockScopesOf(change, change.organisationId, [user.id]);\n",
    put: "  void lockScopesOf;\n",
    tests: `${roles}/last.test.ts`,
  },
  {
    says: "the last manager's role is withdrawn",
    file: `${roles}/commands.ts`,
    find: "return isLastAdministrator(change, change.organisationId, user.id, grant);",
    put: "void isLastAdministrator, grant;\n  return false;",
    tests: `${roles}/last.test.ts`,
  },
  {
    says: "whoever is the last in one role gives back none",
    file: "apps/server/src/sessions/administrators/store.ts",
    find: "only === undefined ? sql`` : sql`",
    put: "only === undefined || only.role !== 'system-administrator' ? sql`` : sql`",
    tests: `${roles}/last.test.ts`,
  },
  {
    says: "whoever has just lost a role still grants it",
    file: `${roles}/commands.ts`,
    find: "const actors = await loadActors(change, caller.owner);",
    put: "void loadActors;\n  const actors = await Promise.resolve<readonly Actor[] | null>(caller.actors);",
    tests: `${roles}/granting.test.ts`,
  },
  {
    says: "whoever is being blocked is given a role that others then rely on",
    file: "apps/server/src/accounts/commands/marks.ts",
    find: "  await lockPresentUsers(change, [userId]);\n",
    put: "  void lockPresentUsers;\n",
    tests: `${roles}/last.test.ts`,
  },
  {
    says: "people of another organisation are given a role, and whoever manages them with it",
    file: `${roles}/store.ts`,
    find: "h.office = 'authority' and t.office = 'none' and h.authority_id",
    put: "t.office = 'none' and h.authority_id",
    tests: `${roles}/granting.test.ts`,
  },
  {
    says: "a manager finds people of an office by their ids",
    file: `${roles}/commands.ts`,
    find: "if (home === undefined || !isSeenBy(caller.actors, home, userId)) throw",
    put: "void isSeenBy, caller;\n  if (home === undefined) throw",
    tests: `${roles}/granting.test.ts`,
  },
  {
    says: "oneself is within reach wherever one asks",
    file: "packages/core/src/permissions.ts",
    find: "return there.allowed ? canInAnyRole",
    put: "return true || there.allowed ? canInAnyRole",
    tests: "packages/core/src/permissions.test.ts",
  },
];
