import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { accountFaults } from "./account-faults.ts";
import { directoryFaults } from "./directory-faults.ts";
import { faults } from "./planted-faults.ts";
import { roadFaults } from "./road-faults.ts";
import { signInFaults } from "./sign-in-faults.ts";
import { root } from "./repository.ts";

test.each([...faults, ...roadFaults, ...directoryFaults, ...accountFaults, ...signInFaults])(
  "where it would be that $says, is one place",
  ({ file, find }) => {
    expect(readFileSync(join(root, file), "utf8").split(find)).toHaveLength(2);
  },
);
