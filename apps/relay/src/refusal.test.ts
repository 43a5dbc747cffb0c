// How the relay says no is written down: each code has a section, and there is no section without a code.

import { readFileSync } from "node:fs";

import { relay } from "@lockstep/api";
import { expect, test } from "vitest";

const document = readFileSync(new URL("../../../docs/relay.md", import.meta.url), "utf8");

test("docs/relay.md has a section for every refusal, and for none that does not exist", () => {
  const sections = [...document.matchAll(/^### `([a-z]+(?:_[a-z]+)+)`$/gm)].map(([, code]) => code);
  expect(sections.sort()).toEqual(Object.keys(relay.refusals).sort());
});

test("docs/relay.md names every endpoint, and every limit as it is", () => {
  for (const { method, path } of Object.values(relay.endpoints))
    expect(document).toContain(`\`${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}\``);
  const { limits } = relay;
  for (const words of [
    `${limits.parcelsPerMailbox} parcels`,
    `${limits.parcelBytes / 1024} KiB`,
    `${limits.parcelSeconds / 86_400} days`,
    `${limits.waitSeconds} seconds`,
    `${limits.clockSeconds / 60} minutes`,
    `${limits.replyBytes / 1024 ** 2} MiB`,
    String(limits.highestSlot),
  ])
    expect(document).toContain(words);
});
