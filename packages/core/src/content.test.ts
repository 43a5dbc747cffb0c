import { createHash } from "node:crypto";

import canonicalize from "canonicalize";
import fc from "fast-check";
import { expect, test } from "vitest";

import {
  canonicalJson,
  differencesOf,
  emptyContent,
  identityOf,
  ownContentOf,
  teamContentOf,
  type Content,
  type KeyVersion,
} from "./content.ts";
import { parseId, type KeyId } from "./ids.ts";
import { effectivePolicyOf, type Policy } from "./policy.ts";

const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");
const finance: KeyId = parseId("018f0000-0000-7000-8000-00000000000f");
const legal: KeyId = parseId("018f0000-0000-7000-8000-00000000000a");
const version = (key: KeyId, number: number, use: KeyVersion["use"] = "active") => ({
  key,
  version: number,
  use,
});

function contentWith(policy: Policy, ...keys: KeyVersion[]): Content {
  return teamContentOf(effectivePolicyOf([{ origin: "team", policy }]), keys);
}

test("canonical JSON is that of RFC 8785 §3.2.2", () => {
  const example = {
    numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    literals: [null, true, false],
  };
  expect(canonicalJson(example)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test("canonical JSON sorts by UTF-16 code units, RFC 8785 §3.2.3", () => {
  const names = ["\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6"];
  const sorted = Object.keys(
    JSON.parse(canonicalJson(Object.fromEntries(names.map((name) => [name, 1])))) as object,
  );
  expect(sorted).toEqual(["1", "\r", "\u0080", "\u00f6", "\u20ac", "\ud83d\ude00", "\ufb33"]);
});

test("canonical JSON agrees with the canonicalize package", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(canonicalJson(value)).toBe(canonicalize(value));
    }),
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, "\ud800", undefined, { a: undefined }])(
  "canonical JSON refuses %s, which JSON cannot carry",
  (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  },
);

test("INV-3: two equal contents have one identity, however they came to be", () => {
  const once = identityOf(contentWith({}, version(finance, 1), version(legal, 1)), sha256);
  const again = identityOf(
    contentWith({ "sync.interval": 60 }, version(legal, 1), version(finance, 1), version(legal, 1)),
    sha256,
  );
  expect(again).toEqual(once);
});

test("different policies, keys, versions and uses have different identities", () => {
  const contents = [
    emptyContent,
    contentWith({}),
    contentWith({ "sync.interval": 30 }),
    contentWith({}, version(finance, 1)),
    contentWith({}, version(finance, 2)),
    contentWith({}, version(finance, 1, "decrypt-only")),
  ];
  expect(new Set(contents.map((content) => identityOf(content, sha256).id)).size).toBe(contents.length);
});

test("an identity is a UUID version 8 of the fingerprint's first bits", () => {
  const { id, fingerprint } = identityOf(emptyContent, sha256);
  expect(fingerprint).toBe(sha256('{"keys":[],"policy":{}}'));
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(id.startsWith(fingerprint.slice(0, 8))).toBe(true);
});

test("retired versions are no longer held", () => {
  expect(ownContentOf([version(finance, 1, "retired"), version(finance, 2)]).keys).toEqual([
    version(finance, 2),
  ]);
});

test("a difference names the settings, keys and versions", () => {
  const held = contentWith({ "removable-media.mode": "read-only" }, version(finance, 1));
  const wanted = contentWith(
    { "removable-media.mode": "block" },
    version(finance, 1, "decrypt-only"),
    version(finance, 2),
    version(legal, 1),
  );
  expect(differencesOf(held, wanted)).toEqual([
    { code: "policy-changed", setting: "removable-media.mode", has: "read-only", wants: "block" },
    { code: "key-added", key: legal, version: 1 },
    { code: "key-rotated", key: finance, from: 1, to: 2 },
  ]);
  expect(differencesOf(wanted, held)).toContainEqual({ code: "key-removed", key: legal, version: 1 });
});

test("equal contents have no differences, and different ones have at least one", () => {
  const contents = fc.record({
    interval: fc.integer({ min: 5, max: 8 }),
    keys: fc.array(
      fc.record({ key: fc.constantFrom(finance, legal), version: fc.integer({ min: 1, max: 3 }) }),
    ),
  });
  const build = ({ interval, keys }: { interval: number; keys: { key: KeyId; version: number }[] }) =>
    contentWith({ "sync.interval": interval }, ...keys.map((key) => ({ ...key, use: "active" as const })));
  fc.assert(
    fc.property(contents, contents, (first, second) => {
      const [held, wanted] = [build(first), build(second)];
      const same = identityOf(held, sha256).id === identityOf(wanted, sha256).id;
      expect(differencesOf(held, wanted).length === 0).toBe(same);
    }),
  );
});
