// The faults that `npm run faults` plants among deletions.

import type { Fault } from "./planted-faults.ts";

const deletions = "apps/server/src/deletions";
const requests = `${deletions}/requests.test.ts`;
const erasure = `${deletions}/erasure.test.ts`;
const inDirectories = `${deletions}/erasure-in-directories.test.ts`;
const planning = "apps/server/src/directory/commands/planning.ts";

export const deletionFaults: readonly Fault[] = [
  {
    says: "a deletion is carried out although it was withdrawn a moment ago",
    file: `${deletions}/commands/request.ts`,
    find: "if (!(await takeDeletionRequest(change, userId, change.at))) return false;",
    put: "await takeDeletionRequest(change, userId, change.at);",
    tests: requests,
  },
  {
    says: "whoever became the last administrator after asking is deleted",
    file: `${deletions}/commands/request.ts`,
    find: "if ((await targetOf(change, userId)).isLastAdministrator) return false;",
    put: "void targetOf;",
    tests: requests,
  },
  {
    says: "unblocking leaves the request to delete the account",
    file: "apps/server/src/accounts/commands/block.ts",
    find: "await endDeletionRequest(change, userId);",
    put: "void endDeletionRequest;",
    tests: requests,
  },
  {
    says: "whoever signs in is not told that the own account will be deleted",
    file: "apps/server/src/sessions/me.ts",
    find: "needsSecondFactor: needs, deletionDueAt };",
    put: "needsSecondFactor: needs, deletionDueAt: deletionDueAt && null };",
    tests: requests,
  },
  {
    says: "a page of requests goes on from a place that is none",
    file: `${deletions}/shown.ts`,
    find: "!instantText.safeParse(dueAt).success ||",
    put: "void instantText ||",
    tests: requests,
  },
  {
    says: "the key of what events say of a deleted person is kept",
    file: `${deletions}/commands/erase.ts`,
    find: "await deletePersonKeys(change, change.organisationId, users);",
    put: "void deletePersonKeys;",
    tests: erasure,
  },
  {
    says: "whoever is deleted while a directory is planned comes back with it",
    file: "apps/server/src/directory/entries/store.ts",
    find: "where directory_entries.erased_at is null and ((",
    put: "where ((",
    tests: inDirectories,
  },
  {
    says: "a plan tells of somebody who was deleted",
    file: planning,
    find: "    await forgetErased(transaction, kept, kept.id);\n",
    put: "",
    tests: inDirectories,
  },
  {
    says: "a plan tells of somebody who was deleted while it was made",
    file: planning,
    find: "  await forgetErased(change, run, run.id);\n",
    put: "",
    tests: inDirectories,
  },
  {
    says: "a plan is finished while somebody in it is being deleted",
    file: planning,
    find: "import { changeContents } from",
    put: "import { changeFacts as changeContents } from",
    tests: inDirectories,
  },
  {
    says: "an entry remembers somebody who was deleted",
    file: "apps/server/src/directory/store.ts",
    find: "\n      and e.erased_at is null",
    put: "",
    tests: inDirectories,
  },
  {
    says: "an organisation is deleted whatever name was typed",
    file: `${deletions}/commands/organisation.ts`,
    find: 'if (organisation.name !== name) throw new Refusal("name_differs");',
    put: "void name;",
    tests: `${deletions}/organisations.test.ts`,
  },
];
