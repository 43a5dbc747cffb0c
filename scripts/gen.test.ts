import { expect, test } from "vitest";

import { generators } from "./gen.ts";
import { textOf } from "./repository.ts";

test.each(generators)("$file is what `npm run gen` writes", async ({ file, write }) => {
  expect(textOf(file)).toBe(await write());
});
