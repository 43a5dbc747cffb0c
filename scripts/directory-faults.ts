// The faults that `npm run faults` plants in the directory, and in signing in by one.

import type { Fault } from "./planted-faults.ts";

const directory = "apps/server/src/directory";
const sessions = "apps/server/src/sessions";

export const directoryFaults: readonly Fault[] = [
  {
    says: "of two batches that are written at once the second one may be committed first",
    file: `${directory}/commands/work.ts`,
    find: "  if (before !== batch.after) throw new RunLost();\n",
    put: "",
    tests: `${directory}/runs.test.ts`,
  },
  {
    says: "a plan by which everybody vanishes is not held",
    file: `${directory}/commands/planning.ts`,
    find: "  if (verdict.isHeld) {\n",
    put: "  if (verdict.isHeld && vanishing < 0) {\n",
    tests: `${directory}/openldap`,
  },
  {
    says: "half of an answer proves who is gone",
    file: `${directory}/commands/reading.ts`,
    find: "const isComplete = isFull && incompleteBecause === null;",
    put: "const isComplete = isFull;",
    tests: `${directory}/openldap`,
  },
  {
    says: "a plan that was held removes whom it showed as an orphan",
    file: `${directory}/commands/apply.ts`,
    find: ' || (row.action === "remove" && action === "orphan")',
    put: "",
    tests: `${directory}/runs`,
  },
  {
    says: "an entry forgets whom it was linked to when that user is said to be another one",
    file: `${directory}/store.ts`,
    find: "  if (former.length > 0) await rememberLinks(change, former);\n",
    put: "",
    tests: `${directory}/openldap`,
  },
  {
    says: "the certificate of a directory is not checked",
    file: `${directory}/ldap/connection.ts`,
    find: "rejectUnauthorized: true,",
    put: "rejectUnauthorized: false,",
    tests: `${directory}/reading`,
  },
  {
    says: "the saved password is sent to another account's name",
    file: `${directory}/commands/directories.ts`,
    find: 'const seen = ["host", "port", "security", "certificates", "bindName"] as const;',
    put: 'const seen = ["host", "port", "security", "certificates"] as const;',
    tests: `${directory}/reading`,
  },
  {
    says: "whoever gives no password signs in by a directory",
    file: `${directory}/ldap/connection.ts`,
    find: '    if (password === "") return false;\n',
    put: "",
    tests: `${directory}/signing-in`,
  },
  {
    says: "a directory makes administrators",
    file: `${sessions}/candidates/store.ts`,
    find: "k.user_id = u.id and ${hasNoRole}\n",
    put: "k.user_id = u.id\n",
    tests: `${directory}/signing-in`,
  },
  {
    says: "a refused sign-in tells by its time whose directory is asked",
    file: `${sessions}/proving.ts`,
    find: "await pause(Math.max(0, answerAt - performance.now()));",
    put: "await pause(0);",
    tests: `${directory}/signing-in`,
  },
];
