// The faults that `npm run faults` plants: what each breaks, and which tests must notice.

export interface Fault {
  readonly says: string;
  readonly file: string;
  readonly find: string;
  readonly put: string;
  /** What of the tests is run. */
  readonly tests: string;
}

const server = "apps/server/src";
const standing = `${server}/standing`;
const facts = `${server}/facts`;
const http = `${server}/http`;
const sessions = `${server}/sessions`;

export const faults: readonly Fault[] = [
  {
    says: "red no longer wins over orange",
    file: "packages/core/src/encryption.ts",
    find: 'status: "update-required",\n    speaks: ({ teamContent }) => teamContent === "differs",',
    put: 'status: "update-required",\n    speaks: ({ teamContent, outstanding }) => teamContent === "differs" && !outstanding,',
    tests: "packages/core",
  },
  {
    says: "an orphan wins over nobody's licence",
    file: "packages/core/src/encryption.ts",
    find: 'directory === "missing" && licence !== "none"',
    put: 'directory === "missing"',
    tests: "packages/core",
  },
  {
    says: "blocked no longer wins over disabled",
    file: "packages/core/src/account.ts",
    find: "speaks: ({ blocked }) => blocked,",
    put: "speaks: ({ blocked, disabled }) => blocked && !disabled,",
    tests: "packages/core",
  },
  {
    says: "a licence ends a day early",
    file: "packages/core/src/posture.ts",
    find: "licenceUntil < today",
    put: "licenceUntil <= today",
    tests: "packages/core",
  },
  {
    says: "the older of two Key-Files counts",
    file: "packages/core/src/posture.ts",
    find: "update.keyFile.version > newest.version",
    put: "update.keyFile.version < newest.version",
    tests: "packages/core",
  },
  {
    says: "the higher level of a policy decides",
    file: "packages/core/src/policy.ts",
    find: "if (value !== undefined) effective",
    put: "if (value !== undefined && effective.origin === null) effective",
    tests: "packages/core",
  },
  {
    says: "a manager may block himself",
    file: "packages/core/src/permissions.ts",
    find: 'guards: ["not-self", "not-last-administrator", "not-set-above"],',
    put: 'guards: ["not-last-administrator", "not-set-above"],',
    tests: "packages/core",
  },
  {
    says: "a licence ends a day early in SQL",
    file: `${standing}/store.ts`,
    find: ": sql`${until} < ${today}::date`",
    put: ": sql`${until} <= ${today}::date`",
    tests: standing,
  },
  {
    says: "a list takes a licence for expired a day early",
    file: `${standing}/store.ts`,
    find: "coalesce(l.valid_until < ${today}::date, false)",
    put: "coalesce(l.valid_until <= ${today}::date, false)",
    tests: standing,
  },
  {
    says: "a search forgets the filter",
    file: `${standing}/store.ts`,
    find: "and not (u.posture_id not in (select id from matching))\n    order by u.sort_name, u.id limit ${limit}`;\n  const users",
    put: "\n    order by u.sort_name, u.id limit ${limit}`;\n  const users",
    tests: standing,
  },
  {
    says: "taking a seat forgets the refresh",
    file: "apps/server/src/licences/store.ts",
    find: "taken_at = excluded.taken_at`);\n  change.touchUsers(users);",
    put: "taken_at = excluded.taken_at`);",
    tests: facts,
  },
  {
    says: "the refresh does not lock the users first",
    file: `${facts}/change.ts`,
    find: "await lockUsers(transaction, organisationId, users);",
    put: "void lockUsers;",
    tests: facts,
  },
  {
    says: "changes of contents do not take turns",
    file: `${facts}/change.ts`,
    find: "lockedOrganisation: organisationId,",
    put: "",
    tests: facts,
  },
  {
    says: "the refresh counts a posture up and none down",
    file: `${facts}/store.ts`,
    find: "select former as posture_id, -1 as delta from changed where former is not null",
    put: "select former as posture_id, 0 as delta from changed where former is not null",
    tests: facts,
  },
  {
    says: "sealers do not take turns",
    file: "apps/server/src/audit/seals.ts",
    find: "await lockSeals(transaction, organisationId);",
    put: "void lockSeals;",
    tests: "apps/server/src/audit",
  },
  {
    says: "a team is saved over somebody else's change",
    file: "apps/server/src/teams/commands.ts",
    find: 'if (team.revision !== revision) throw new Refusal("revision_changed");',
    put: "",
    tests: `${server}/teams`,
  },
  {
    says: "a page of another origin may call",
    file: `${http}/origin.ts`,
    find: "(from === undefined || ours.includes(String(from))) &&",
    put: "",
    tests: "apps/server/src/http",
  },
  {
    says: "any name that points at this machine may call",
    file: `${http}/origin.ts`,
    find: "if (!isOurName || !isOurPage)",
    put: "if (!isOurPage)",
    tests: "apps/server/src/http",
  },
  {
    says: "giving seats does not lock the licence",
    file: `${server}/licences/commands.ts`,
    find: "await lockLicences(change, [licenceId]);\n  return",
    put: "return",
    tests: `${server}/licences`,
  },
  {
    says: "a licence gives one seat too many",
    file: `${server}/licences/commands.ts`,
    find: "if (seats > free)",
    put: "if (seats > free + 1)",
    tests: `${server}/licences`,
  },
  {
    says: "a user is saved over somebody else's change",
    file: `${server}/users/store.ts`,
    find: "and u.id = ${userId} and u.revision = ${revision}",
    put: "and u.id = ${userId}",
    tests: `${server}/users`,
  },
  {
    says: "a username is looked for before it is given, and not while",
    file: `${server}/users/store.ts`,
    find: "on conflict do nothing returning user_id",
    put: "returning user_id",
    tests: `${server}/users`,
  },
  {
    says: "a team that is being filled is deleted",
    file: `${server}/teams/commands.ts`,
    find: "await lockTeam(change, teamId);",
    put: "void lockTeam;",
    tests: `${server}/teams`,
  },
  {
    says: "a key is rotated twice by two who meant once",
    file: `${server}/keys/commands.ts`,
    find: 'if (key.revision !== revision) throw new Refusal("revision_changed");',
    put: "",
    tests: `${server}/keys/keys.test.ts`,
  },
  {
    says: "sealed material opens in another row",
    file: `${server}/keys/sealing/sealing.ts`,
    find: "found.header.row !== boundTo(binding)",
    put: "found.header.row === undefined",
    tests: `${server}/keys/sealing/sealing.test.ts`,
  },
  {
    says: "calls with one idempotency key do not take turns",
    file: `${facts}/change.ts`,
    find: "await lockCall(transaction, once);",
    put: "void lockCall;",
    tests: `${http}/idempotency.test.ts`,
  },
  {
    says: "two servers give the same rows of an import a verdict",
    file: `${server}/imports/store.ts`,
    find: "and ended_at is null for no key update`",
    put: "and ended_at is null`",
    tests: `${server}/imports`,
  },
  {
    says: "who makes organisations does not take turns",
    file: `${server}/organisations/commands.ts`,
    find: "await lockInstallation(transaction);\n  await loadAuthority",
    put: "await loadAuthority",
    tests: `${server}/organisations`,
  },
  {
    says: "two set an installation up at once",
    file: `${sessions}/set-up.ts`,
    find: "await lockInstallation(transaction);",
    put: "void lockInstallation;",
    tests: `${sessions}/set-up.test.ts`,
  },
  {
    says: "a role that may not may",
    file: `${http}/permission.ts`,
    find: "if (allowed) return role;",
    put: 'if (allowed || rule === "role-may-not") return role;',
    tests: `${http}/permission.test.ts`,
  },
  {
    says: "an organisation out of sight is told from one that is not there",
    file: `${http}/permission.ts`,
    find: 'if (target.organisationId !== null && !sees(actors, target)) throw new Refusal("organisation_not_found");',
    put: "",
    tests: `${http}/permission.test.ts`,
  },
  {
    says: "the own id opens another organisation",
    file: `${http}/permission.ts`,
    find: "(userId !== owner.userId || organisationId === owner.organisationId)",
    put: "true",
    tests: `${http}/permission.test.ts`,
  },
  {
    says: "what bars an account is told without the right password",
    file: `${sessions}/commands.ts`,
    find: 'if (candidate === undefined || !isRight) throw new Refusal("sign_in_failed");\n  return',
    put: 'if (candidate !== undefined) await refuseBarred(database, candidate);\n  if (candidate === undefined || !isRight) throw new Refusal("sign_in_failed");\n  return',
    tests: `${sessions}/sessions.test.ts`,
  },
  {
    says: "a copied secret stays good",
    file: `${sessions}/gate.ts`,
    find: "const formerIsGoodFor = minute;",
    put: "const formerIsGoodFor = 1e12;",
    tests: `${sessions}/sessions.test.ts`,
  },
  {
    says: "a blocked account stays signed in",
    file: `${sessions}/store.ts`,
    find: "u.account = 'active' and u.blocked_at is null and",
    put: "u.account = 'active' and",
    tests: `${sessions}/sessions.test.ts`,
  },
  {
    says: "a workstation team is deleted with workstations in it",
    file: `${server}/workstation-teams/commands.ts`,
    find: "if (isParent || (await countWorkstations(change, organisationId, id)) > 0)",
    put: "void countWorkstations;\n    if (isParent)",
    tests: `${server}/workstations`,
  },
  {
    says: "silent connections keep the server from stopping",
    file: `${server}/server.ts`,
    find: "setTimeout(() => app.server.closeAllConnections(), closingSeconds * 1000)",
    put: "setTimeout(() => undefined, closingSeconds * 1000)",
    tests: `${server}/server.test.ts`,
  },
  {
    says: "a sealed piece with a header of another kind is opened all the same",
    file: `${server}/keys/sealing/sealing.ts`,
    find: "(head) => header.parse(head)",
    put: "(head) => head as z.output<typeof header>",
    tests: `${server}/keys/sealing/sealing.test.ts`,
  },
];
