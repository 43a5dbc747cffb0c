import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { codeProblems } from "./activation-code.ts";
import { joinRefusals, keystores } from "./join.ts";
import { objectTypes } from "./jws.ts";
import { notices } from "./notice.ts";
import { orderKinds, ordersSchema } from "./orders.ts";
import { rejectionCodes, rejections } from "./rejections.ts";
import { outcomes, reportVerdicts } from "./report.ts";

const codes = {
  object: Object.entries(objectTypes).map((pair) => pair.join(" ")),
  rejection: rejectionCodes,
  "code-problem": Object.keys(codeProblems),
  "join-refusal": joinRefusals,
  notice: Object.keys(notices),
  order: orderKinds,
  outcome: outcomes,
  "report-verdict": Object.keys(reportVerdicts),
  keystore: keystores,
};

// Devices in the field carry these words for years. A new one is added at the end of its kind, by hand.
test("codes are forever: codes.table.txt holds every one that was ever published, and nothing is missing from it", () => {
  const published = readFileSync(new URL("./codes.table.txt", import.meta.url), "utf8")
    .trim()
    .split("\n");
  const current = Object.entries(codes).flatMap(([kind, names]) => names.map((name) => `${kind} ${name}`));
  expect([...current].sort()).toEqual([...published].sort());
});

test("every kind of order has a shape", () => {
  const kinds = ordersSchema.shape.outstanding.element.options.map(({ shape }) => shape.kind.value);
  expect(kinds).toEqual([...orderKinds]);
});

test("every code that a person may meet comes with a sentence", () => {
  const sentences = [rejections, codeProblems, notices, reportVerdicts].flatMap((each) =>
    Object.values(each),
  );
  for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/);
});
