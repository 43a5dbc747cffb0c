import { createCipheriv, randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { inspect } from "node:util";

import type { KeyId, OrganisationId } from "@lockstep/core";
import { parseId } from "@lockstep/core";
import fc from "fast-check";
import { CompactEncrypt } from "jose";
import { v7 as uuid } from "uuid";
import { expect, test } from "vitest";
import { z } from "zod";

import { bindingOf } from "../material.ts";
import { openKeyEncryption, SealBroken, type Binding, type KeyEncryption, type Sealed } from "./sealing.ts";
import { newKeyEncryption, somewhere } from "./testing/keys.ts";

const binding = bindingOf(somewhere);
const secret = "a secret that nobody may read";
const bytes = Buffer.from(secret, "utf8");

/** The text, or the reason for which it does not open. */
async function attempt(keyEncryption: KeyEncryption, to: Binding, sealed: Sealed): Promise<string> {
  try {
    return Buffer.from(await keyEncryption.open(to, sealed)).toString("utf8");
  } catch (cause) {
    if (cause instanceof SealBroken) return cause.reason;
    throw cause;
  }
}

test("what is sealed for a row opens for that row, and says nothing to whoever reads it", async () => {
  const { keyEncryption } = await newKeyEncryption();
  const sealed = await keyEncryption.seal(binding, bytes);
  expect(await attempt(keyEncryption, binding, sealed)).toBe(secret);
  expect(sealed.material).toMatch(/^[\w-]+([.][\w-]+){4}$/);
  expect(sealed.material).not.toContain(bytes.toString("base64url").slice(0, 8));
  expect(await keyEncryption.seal(binding, bytes)).not.toEqual(sealed);
});

test.each([
  ["organisation", { organisationId: uuid() as OrganisationId }],
  ["row", { rowId: uuid() as KeyId }],
  ["version of a key", { version: 2 }],
  ["table", { table: "others" as "key_versions" }],
  ["purpose", { purpose: "another" as "encryption-key" }],
])("what is sealed for one %s does not open for another", async (_, other) => {
  const { keyEncryption } = await newKeyEncryption();
  const sealed = await keyEncryption.seal(binding, bytes);
  expect(await attempt(keyEncryption, { ...binding, ...other }, sealed)).toBe("other-row");
});

test("a single altered character of what is sealed is noticed", async () => {
  const { keyEncryption } = await newKeyEncryption();
  const { material, kekVersion } = await keyEncryption.seal(binding, bytes);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= ";
  // The last characters of the parts are where the encoding is lax.
  const ends = [...material.matchAll(/[.]|$/g)].map(({ index }) => index - 1);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.nat({ max: material.length - 1 }), fc.constantFrom(...ends)),
      fc.nat({ max: alphabet.length - 1 }),
      async (at, chosen) => {
        const character = alphabet.charAt(chosen);
        fc.pre(material[at] !== character);
        const altered = `${material.slice(0, at)}${character}${material.slice(at + 1)}`;
        expect(await attempt(keyEncryption, binding, { material: altered, kekVersion })).toBe("altered");
      },
    ),
    { numRuns: 500 },
  );
});

test("something that was never sealed does not open", async () => {
  const { keyEncryption } = await newKeyEncryption();
  const texts = fc.oneof(
    fc.string(),
    fc.array(fc.string(), { minLength: 5, maxLength: 5 }).map((parts) => parts.join(".")),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (material) => {
      expect(await attempt(keyEncryption, binding, { material, kekVersion: 1 })).toBe("altered");
    }),
  );
});

test("a row that names another version than it was sealed under does not open", async () => {
  const { keyEncryption } = await newKeyEncryption();
  const { material } = await keyEncryption.seal(binding, bytes);
  keyEncryption.addVersion();
  expect(await attempt(keyEncryption, binding, { material, kekVersion: 2 })).toBe("altered");
  expect(await attempt(keyEncryption, binding, { material, kekVersion: 3 })).toBe("unknown-version");
});

test.each([
  ["A256KW", "A256CBC-HS512"],
  ["A256KW", "A128GCM"],
  ["A256GCMKW", "A256GCM"],
  ["dir", "A256GCM"],
])("nothing opens that was sealed with %s and %s, even under the right key", async (alg, enc) => {
  const { file, keyEncryption } = await newKeyEncryption();
  const { keys } = z
    .object({ keys: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await readFile(file, "utf8")));
  const { organisationId, rowId } = binding;
  const row = `${organisationId}|key_versions|${rowId}|encryption-key|1`;
  const sealedWith = async (alg: string, enc: string) => ({
    kekVersion: 1,
    material: await new CompactEncrypt(bytes)
      .setProtectedHeader({ alg, enc, kid: "1", row })
      .encrypt(Buffer.from(keys["1"] ?? "", "base64url")),
  });
  expect(await attempt(keyEncryption, binding, await sealedWith("A256KW", "A256GCM"))).toBe(secret);
  expect(await attempt(keyEncryption, binding, await sealedWith(alg, enc))).toBe("altered");
});

/** Sealed natively with the right algorithms under the right key, whatever its header says. */
function sealedSaying(header: object, key: Buffer): string {
  const head = Buffer.from(JSON.stringify(header)).toString("base64url");
  const [contentKey, nonce] = [randomBytes(32), randomBytes(12)];
  const wrap = createCipheriv("id-aes256-wrap", key, Buffer.alloc(8, 0xa6));
  const wrapped = Buffer.concat([wrap.update(contentKey), wrap.final()]);
  const cipher = createCipheriv("aes-256-gcm", contentKey, nonce, { authTagLength: 16 });
  cipher.setAAD(Buffer.from(head));
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  const parts = [wrapped, nonce, sealed, cipher.getAuthTag()].map((part) => part.toString("base64url"));
  return [head, ...parts].join(".");
}

test("nothing opens whose header says anything else, even where all else is right", async () => {
  const { file, keyEncryption } = await newKeyEncryption();
  const { keys } = z
    .object({ keys: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await readFile(file, "utf8")));
  const key = Buffer.from(keys["1"] ?? "", "base64url");
  const row = `${binding.organisationId}|key_versions|${binding.rowId}|encryption-key|1`;
  const header = { alg: "A256KW", enc: "A256GCM", kid: "1", row };
  const verdict = (head: object) =>
    attempt(keyEncryption, binding, { material: sealedSaying(head, key), kekVersion: 1 });
  expect(await verdict(header)).toBe(secret);
  const others = [{ alg: "dir" }, { enc: "A128GCM" }, { zip: "DEF" }, { crit: ["row"] }, { kid: 1 }];
  for (const other of others) expect(await verdict({ ...header, ...other })).toBe("altered");
});

test("a new version seals from then on, and the former ones still open", async () => {
  const { file, keyEncryption } = await newKeyEncryption();
  const former = await keyEncryption.seal(binding, bytes);
  expect(keyEncryption.addVersion()).toBe(2);
  const present = await keyEncryption.seal(binding, bytes);
  expect([former.kekVersion, present.kekVersion]).toEqual([1, 2]);
  const restarted = openKeyEncryption(file);
  expect(restarted.versions).toEqual([1, 2]);
  expect(await attempt(restarted, binding, former)).toBe(secret);
  expect(await attempt(restarted, binding, present)).toBe(secret);
});

test("a server opens what another one has sealed under a version that is new to it, and seals under it too", async () => {
  const { file, keyEncryption } = await newKeyEncryption();
  const opening = openKeyEncryption(file);
  const sealing = openKeyEncryption(file);
  keyEncryption.addVersion();
  const sealed = await keyEncryption.seal(binding, bytes);
  expect(await attempt(opening, binding, sealed)).toBe(secret);
  expect(await sealing.seal(binding, bytes)).toMatchObject({ kekVersion: 2 });
  expect(openKeyEncryption(file).currentVersion).toBe(2);
});

test("while the file is gone nothing is sealed, and what was sealed still opens", async () => {
  const { file, keyEncryption } = await newKeyEncryption();
  const sealed = await keyEncryption.seal(binding, bytes);
  await rm(file);
  expect(await attempt(keyEncryption, binding, sealed)).toBe(secret);
  await expect(keyEncryption.seal(binding, bytes)).rejects.toMatchObject({
    code: "key-encryption-key-missing",
  });
});

test("another installation's key-encryption key of the same version opens nothing", async () => {
  const { keyEncryption } = await newKeyEncryption();
  const { keyEncryption: other } = await newKeyEncryption();
  expect(await attempt(other, binding, await keyEncryption.seal(binding, bytes))).toBe("altered");
});

test("the error names the row, and neither a key nor what is sealed", async () => {
  const { file, keyEncryption } = await newKeyEncryption();
  const sealed = await keyEncryption.seal(binding, bytes);
  const elsewhere = { ...binding, rowId: parseId(uuid()) };
  const error: unknown = await keyEncryption.open(elsewhere, sealed).catch((cause: unknown) => cause);
  const printed = inspect([error, keyEncryption], { depth: null, showHidden: true });
  expect(printed).toContain(elsewhere.rowId);
  expect(printed).not.toContain(secret);
  expect(printed).not.toContain(sealed.material);
  const [key = ""] = /[\w-]{43}/.exec(await readFile(file, "utf8")) ?? [];
  expect(key).not.toBe("");
  expect(printed).not.toContain(key);
});
