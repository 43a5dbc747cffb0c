import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { allFaults } from "./all-faults.ts";
import { root } from "./repository.ts";

test.each(allFaults)("where it would be that $says, is one place", ({ file, find }) => {
  expect(readFileSync(join(root, file), "utf8").split(find)).toHaveLength(2);
});
