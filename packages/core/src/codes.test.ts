import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { accountReasonCodes, accountStatuses } from "./account.ts";
import { differenceCodes } from "./content.ts";
import { encryptionReasonCodes, encryptionStatuses } from "./encryption.ts";
import { actions } from "./permissions.ts";
import { policySettingCodes, workstationSettingCodes } from "./policy.ts";
import { conditionTypes } from "./standing.ts";
import { steps } from "./steps.ts";

const codes = {
  status: Object.keys(encryptionStatuses),
  account: Object.keys(accountStatuses),
  reason: [...encryptionReasonCodes, ...accountReasonCodes],
  difference: differenceCodes,
  condition: conditionTypes,
  step: Object.keys(steps),
  action: actions,
  setting: policySettingCodes,
  "workstation-setting": workstationSettingCodes,
};

// Scripts, mails and Key-Files carry these words. A new one is added at the end of its kind, by hand.
test("codes are forever: codes.table.txt holds every one that was ever published, and nothing is missing from it", () => {
  const published = readFileSync(new URL("./codes.table.txt", import.meta.url), "utf8")
    .trim()
    .split("\n");
  const current = Object.entries(codes).flatMap(([kind, names]) => names.map((name) => `${kind} ${name}`));
  expect([...current].sort()).toEqual([...published].sort());
});
