// The faults that `npm run faults` plants among accounts: blocking, idleness, batches.

import type { Fault } from "./planted-faults.ts";

const accounts = "apps/server/src/accounts";
const sessions = "apps/server/src/sessions";

export const accountFaults: readonly Fault[] = [
  {
    says: "two managers may block each other",
    file: `${sessions}/administrators/store.ts`,
    find: "for (const { scopeId } of scopes) {",
    put: "for (const { scopeId } of scopes.slice(scopes.length)) {",
    tests: accounts,
  },
  {
    says: "a sign-in survives the block that came meanwhile",
    file: `${sessions}/commands.ts`,
    find: "if (!isAllowed || !(await isStillRight(transaction, candidate))) return null;",
    put: "if (!(await isStillRight(transaction, candidate))) return null;",
    tests: accounts,
  },
  {
    says: "whoever signs in while a run is under way is disabled by it",
    file: "apps/server/src/facts/disabling.ts",
    find: "and u.posture_id = d.former and ${whom}",
    put: "and u.posture_id = d.former",
    tests: accounts,
  },
  {
    says: "the warning of the time before still counts",
    file: `${accounts}/inactivity/store.ts`,
    find: "and w.user_id = u.id and w.active_at = u.active_at\n      and w.days = ${sql.lit(firstWarningDays)}) <=",
    put: "and w.user_id = u.id\n      and w.days = ${sql.lit(firstWarningDays)} order by 1 limit 1) <=",
    tests: accounts,
  },
  {
    says: "a manager who changes a block makes it the own one",
    file: `${accounts}/commands/block.ts`,
    find: "const highest = isAbove(standing.role, role) ? standing.role : role;",
    put: "const highest = isAbove(standing.role, role) ? role : role;",
    tests: accounts,
  },
  {
    says: "the user reads the administrators' reason",
    file: `${accounts}/shown.ts`,
    find: "reason: isOwn ? null : reason,",
    put: "reason,",
    tests: accounts,
  },
  {
    says: "unblocking does not start the days from zero",
    file: `${accounts}/commands/block.ts`,
    find: "await restartClock(change, userId);",
    put: "void restartClock;",
    tests: accounts,
  },
  {
    says: "a batch goes on for somebody who is shut out",
    file: `${accounts}/commands/batch.ts`,
    find: 'if (actors === null) throw new Refusal("permission_denied", { detail: "cannot-sign-in" });\n',
    put: 'if (actors === null) return act(change, { actors: [{ ...batch.doer, role: "organisation-manager", authorityId: null }], keyEncryption: around.keyEncryption }, { batch, userId });\n',
    tests: accounts,
  },
  {
    says: "an export names whoever was deleted",
    file: `${accounts}/commands/export.ts`,
    find: 'if (statuses.account === "deleted") return { verdict: "deleted", id, username };\n',
    put: "",
    tests: `${accounts}/exports.test.ts`,
  },
  {
    says: "an export is not recorded",
    file: `${accounts}/commands/export.ts`,
    find: 'change.record({ kind: "people-exported", detail: { people: count } });',
    put: "void count;",
    tests: `${accounts}/exports.test.ts`,
  },
  {
    says: "helpdesk exports people",
    file: "packages/core/src/permissions.ts",
    find: '  "export-people": {\n    grants: {\n',
    put: '  "export-people": {\n    grants: {\n      helpdesk: "organisation",\n',
    tests: "packages/core/src/permissions.test.ts",
  },
  {
    says: "a name in an exported file is a formula",
    file: "packages/api/src/people-csv.ts",
    find: `.replace(formula, "'")`,
    put: "",
    tests: "packages/api/src/people-csv.test.ts",
  },
];
