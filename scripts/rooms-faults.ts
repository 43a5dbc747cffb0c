// The faults that `npm run faults` plants in what the rooms for accounts stand on.

import type { Fault } from "./planted-faults.ts";

export const roomsFaults: readonly Fault[] = [
  {
    says: "stopping a batch overwrites what it has already done",
    file: "apps/server/src/accounts/batches/store.ts",
    find: "set verdict = ${cancelled}\n    where organisation_id = ${organisationId} and batch_id = ${batchId} and verdict is null",
    put: "set verdict = ${cancelled}\n    where organisation_id = ${organisationId} and batch_id = ${batchId}",
    tests: "apps/server/src/accounts/batches.test.ts",
  },
  {
    says: "who cannot sign in counts as another administrator",
    file: "apps/server/src/roles/shown.ts",
    find: "other.role === role && other.canSignIn &&",
    put: "other.role === role &&",
    tests: "apps/server/src/roles",
  },
];
