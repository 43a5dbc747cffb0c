import { createHash } from "node:crypto";

import { expect, test } from "vitest";

import { relay } from "./index.ts";

const all = Object.values<relay.RelayEndpoint>(relay.endpoints);
const codes = Object.keys(relay.refusals);

test("every refusal of the relay is given by an endpoint, but for what asks for none", () => {
  const given = new Set<string>(all.flatMap((endpoint) => relay.refusalsOf(endpoint)));
  expect(codes.filter((code) => !given.has(code))).toEqual(["endpoint_not_found"]);
});

test("only an account is refused for its token, and only whoever holds a key for the signature", () => {
  for (const endpoint of all) {
    const refused = relay.refusalsOf(endpoint);
    expect(refused.includes("account_refused")).toBe(endpoint.needs === "account");
    expect(refused.includes("capability_refused")).toBe(endpoint.needs !== "account");
  }
});

test("a mailbox is the hash of its two keys, in their order", async () => {
  const [readKey, writeKey] = ["A".repeat(43), `${"B".repeat(42)}A`];
  const digest = createHash("sha256").update(`kf1/mailbox ${readKey} ${writeKey}`).digest("hex");
  expect(await relay.mailboxOf({ readKey, writeKey })).toBe(digest);
  expect(await relay.mailboxOf({ readKey: writeKey, writeKey: readKey })).not.toBe(digest);
});
