import { expect, test } from "vitest";

import { effectivePolicyOf, parsePolicy, policySettingCodes, policySettings } from "./policy.ts";

test("a lower level overrides, and every value knows its origin", () => {
  const policy = effectivePolicyOf([
    { origin: "Lockstep", policy: { "password.min-length": 14, "sync.interval": 30 } },
    { origin: "Finance", policy: { "password.min-length": 16 } },
  ]);
  expect(policy["password.min-length"]).toEqual({ value: 16, origin: "Finance" });
  expect(policy["sync.interval"]).toEqual({ value: 30, origin: "Lockstep" });
  expect(policy["files.may-encrypt"]).toEqual({ value: true, origin: null });
});

test("a level may be stricter or milder than the one above: the lowest decides", () => {
  const levels = [
    { origin: "above", policy: { "identity.may-export": true } },
    { origin: "below", policy: { "identity.may-export": false } },
  ];
  expect(effectivePolicyOf(levels)["identity.may-export"]).toEqual({ value: false, origin: "below" });
});

test("every setting's default is a value that the setting allows", () => {
  const defaults = Object.fromEntries(policySettingCodes.map((code) => [code, policySettings[code].default]));
  expect(parsePolicy(defaults)).toEqual(defaults);
});

test.each([
  [{ "password.min-length": 7 }, "password.min-length: expected a whole number of characters from 8 to 64"],
  [{ "password.min-length": 65 }, "password.min-length: expected a whole number of characters from 8 to 64"],
  [{ "password.min-length": 8.5 }, "password.min-length: expected a whole number of characters from 8 to 64"],
  [
    { "removable-media.mode": "nothing" },
    "removable-media.mode: expected one of allow, read-only, encrypted-only, block",
  ],
  [{ "files.may-encrypt": "yes" }, "files.may-encrypt: expected true or false"],
  [{ __proto__x: 1 }, "__proto__x: no such setting"],
  [JSON.parse('{"__proto__": 1}') as unknown, "__proto__: no such setting"],
  [["password.min-length"], "policy: expected an object"],
  [null, "policy: expected an object"],
])("a policy that says %j is refused", (policy, sentence) => {
  expect(() => parsePolicy(policy)).toThrow(sentence);
});

test("bounds belong to what is allowed", () => {
  expect(parsePolicy({ "password.min-length": 8 })).toEqual({ "password.min-length": 8 });
  expect(parsePolicy({ "password.min-length": 64 })).toEqual({ "password.min-length": 64 });
});
