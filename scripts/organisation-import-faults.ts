// The faults that `npm run faults` plants in the import of organisations, and in invitations sent again.

import type { Fault } from "./planted-faults.ts";

const imports = "apps/server/src/organisation-imports";

export const organisationImportFaults: readonly Fault[] = [
  {
    says: "an import goes on for somebody who is shut out",
    file: `${imports}/commands/run.ts`,
    find: 'if (actors === null || !canInAnyRole(actors, "import-organisations", target).allowed) {',
    put: 'if (actors !== null && !canInAnyRole(actors, "import-organisations", target).allowed) {',
    tests: imports,
  },
  {
    says: "a dry run of organisations makes them",
    file: `${imports}/commands/people.ts`,
    find: "if (around.source.isDryRun) foresee(",
    put: "if (around.source.isDryRun && free.length === 0) foresee(",
    tests: imports,
  },
  {
    says: "a file puts people into the office of an authority",
    file: `${imports}/commands/run.ts`,
    find: 'if (found.office !== "none") return "organisation-is-office";',
    put: "",
    tests: imports,
  },
  {
    says: "a file gives a role to somebody who cannot sign in",
    file: `${imports}/plan.ts`,
    find: 'return isInvited ? { isInvited, role: given } : "role-needs-invitation";',
    put: "return { isInvited, role: given };",
    tests: imports,
  },
  {
    says: "of one username in a file the organisation that comes first has it",
    file: `${imports}/plan.ts`,
    find: "if (seen.has(username)) return",
    put: "if (seen.has(`${username} `)) return",
    tests: imports,
  },
  {
    says: "a plan to invite again promises a mail to nobody",
    file: "apps/server/src/accounts/commands/batch.ts",
    find: 'if (email === null) throw new Refusal("email_missing");',
    put: "void email;",
    tests: "apps/server/src/accounts/batches.test.ts",
  },
];
