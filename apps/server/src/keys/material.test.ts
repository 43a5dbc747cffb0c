import type { KeyId } from "@lockstep/core";
import { Decrypter, Encrypter } from "age-encryption";
import { v7 as uuid } from "uuid";
import { expect, test } from "vitest";

import { makeKeyMaterial, openKeyMaterial } from "./material.ts";
import { newKeyEncryption, somewhere } from "./sealing/testing/keys.ts";

test("what is encrypted with the public half of a key is read with its secret half", async () => {
  const { keyEncryption } = await newKeyEncryption();
  const material = await makeKeyMaterial(keyEncryption, somewhere);
  expect(material.kekVersion).toBe(1);
  const encrypter = new Encrypter();
  encrypter.addRecipient(material.recipient);
  const file = await encrypter.encrypt("minutes of the board");
  const decrypter = new Decrypter();
  decrypter.addIdentity(await openKeyMaterial(keyEncryption, somewhere, material));
  expect(await decrypter.decrypt(file, "text")).toBe("minutes of the board");
});

test("keys are of the kind that every age program reads, and no two are alike", async () => {
  const { keyEncryption } = await newKeyEncryption();
  const [one, two] = [
    await makeKeyMaterial(keyEncryption, somewhere),
    await makeKeyMaterial(keyEncryption, somewhere),
  ];
  expect(one.recipient).toMatch(/^age1[a-z0-9]{58}$/);
  expect(await openKeyMaterial(keyEncryption, somewhere, one)).toMatch(/^AGE-SECRET-KEY-1[A-Z0-9]{58}$/);
  expect(one.recipient).not.toBe(two.recipient);
});

test.each([
  ["another key", { keyId: uuid() as KeyId }],
  ["another version of the key", { version: 2 }],
])("the material of one key does not open as that of %s", async (_, other) => {
  const { keyEncryption } = await newKeyEncryption();
  const material = await makeKeyMaterial(keyEncryption, somewhere);
  await expect(openKeyMaterial(keyEncryption, { ...somewhere, ...other }, material)).rejects.toMatchObject({
    reason: "other-row",
  });
});

test("a public half that somebody has put in its place is noticed", async () => {
  const { keyEncryption } = await newKeyEncryption();
  const material = await makeKeyMaterial(keyEncryption, somewhere);
  const { recipient } = await makeKeyMaterial(keyEncryption, somewhere);
  await expect(openKeyMaterial(keyEncryption, somewhere, { ...material, recipient })).rejects.toMatchObject({
    reason: "altered",
  });
});
