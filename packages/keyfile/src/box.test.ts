import { Encrypter } from "age-encryption";
import { expect, test } from "vitest";

import { isIdentity, isRecipient } from "./age-key.ts";
import { newBoxKey, openBox, sealBox, type BoxIdentities } from "./box.ts";
import { digestOf } from "./digest.ts";
import { ageKey, keyFile, signingKeys } from "./examples.ts";
import { signKeyFile } from "./key-file.ts";
import { pad, paddedSizes, unpad } from "./padding.ts";
import { signerOf } from "./signing-key.ts";

const jws = signKeyFile(keyFile, signerOf(signingKeys.issuer));
const key = await newBoxKey();
const former = await newBoxKey();
const other = await newBoxKey("classic");
const mine: BoxIdentities = { current: key.identity, previous: former.identity };
const sealed = await sealBox(jws, key.recipient);

async function isClosed(blob: Uint8Array, identities: BoxIdentities = mine): Promise<boolean> {
  const opened = await openBox(blob, identities);
  expect(opened.blobHash).toBe(digestOf(blob));
  return opened.jws === null && opened.by === null;
}

/** Seals any bytes, padded or not, to any number of recipients or a password. */
async function sealedAnyhow(plain: Uint8Array, prepare: (encrypter: Encrypter) => void): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  prepare(encrypter);
  return encrypter.encrypt(plain);
}

test("a box opens for whom it was sealed, and gives exactly what was put in", async () => {
  expect(await openBox(sealed, { current: key.identity })).toEqual({
    blobHash: digestOf(sealed),
    jws,
    by: "current",
  });
});

test("a device box is sealed against quantum computers too: ML-KEM-768 with X25519", () => {
  expect(key.recipient).toMatch(/^age1pq1/);
  expect(Buffer.from(sealed).toString("latin1")).toMatch(/^age-encryption[.]org\/v1\n-> mlkem768x25519 /);
});

test("the former box key opens what was under way when the new one was announced, and says so", async () => {
  const late = await sealBox(jws, former.recipient);
  expect(await openBox(late, mine)).toMatchObject({ jws, by: "previous" });
  expect(await isClosed(late, { current: key.identity })).toBe(true);
});

test("a box opens for nobody else", async () => {
  expect(await isClosed(sealed, { current: former.identity, previous: other.identity })).toBe(true);
});

test("classic boxes open as well: the organisation's own may be of that kind", async () => {
  expect(await openBox(await sealBox(jws, other.recipient), { current: other.identity })).toMatchObject({
    jws,
  });
});

test("of a box the relay sees one of four sizes", async () => {
  const lengths = [1, 4095, 4096, 4097, 16384, 65536, 65537, 196608];
  const sizes: number[] = [];
  for (const length of lengths) sizes.push((await sealBox("a".repeat(length), ageKey.recipient)).length);
  expect(new Set(sizes).size).toBe(4);
  expect(sizes[0]).toBe(sizes[2]);
  expect(Math.max(...sizes)).toBeLessThan(256 * 1024);
  await expect(sealBox("a".repeat(196609), ageKey.recipient)).rejects.toThrow("too long for a box");
});

test("padding is spaces up to one of four sizes, and comes off again", () => {
  for (const length of [0, 1, 4096, 5000, 196608])
    expect(unpad(pad("a".repeat(length)))).toHaveLength(length);
  expect(paddedSizes).toEqual([4096, 16384, 65536, 196608]);
  for (const length of [0, 1, 4095, 4097]) expect(unpad(new Uint8Array(length))).toBeNull();
});

test("a box that is cut short, altered or prolonged at any place does not open", async () => {
  const places = [0, 21, 30, 1000, 1560, 1620, 1660, sealed.length - 17, sealed.length - 1];
  for (const place of places) {
    expect(await isClosed(sealed.subarray(0, place)), `cut at ${place}`).toBe(true);
    const altered = Uint8Array.from(sealed);
    altered[place] = (altered[place] ?? 0) ^ 1;
    expect(await isClosed(altered), `altered at ${place}`).toBe(true);
  }
  expect(await isClosed(Buffer.concat([sealed, Buffer.from([0])]))).toBe(true);
  expect(await isClosed(new Uint8Array())).toBe(true);
});

test("a box with 10,000 stanzas is refused before any is tried, and so is one for two readers", async () => {
  const [version = "", stanza = "", body = "", ...rest] = Buffer.from(sealed).toString("latin1").split("\n");
  const many = [version, ...Array.from({ length: 10_000 }, () => [stanza, body]).flat(), ...rest].join("\n");
  const start = performance.now();
  expect(await isClosed(Buffer.from(many, "latin1"))).toBe(true);
  const small = [version, ...Array.from({ length: 10_000 }, () => "-> X a\n"), "--- a\n"].join("\n");
  expect(await isClosed(Buffer.from(small, "latin1"))).toBe(true);
  // Trying one stanza takes milliseconds, so trying thousands would take minutes.
  expect(performance.now() - start).toBeLessThan(5000);
  const two = await sealedAnyhow(pad(jws), (encrypter) => {
    encrypter.addRecipient(key.recipient);
    encrypter.addRecipient(former.recipient);
  });
  expect(await isClosed(two)).toBe(true);
});

test("a box under a password is refused, whatever work it would ask for", async () => {
  const underPassword = await sealedAnyhow(pad(jws), (encrypter) => {
    encrypter.setScryptWorkFactor(2);
    encrypter.setPassphrase("password");
  });
  expect(await isClosed(underPassword)).toBe(true);
  const costly = Buffer.from(underPassword).toString("latin1").replace(/ 2\n/, " 63\n");
  const start = performance.now();
  expect(await isClosed(Buffer.from(costly, "latin1"))).toBe(true);
  expect(performance.now() - start).toBeLessThan(5000);
});

test("a box that was not padded is refused: its size would tell what is inside", async () => {
  const unpadded = await sealedAnyhow(Buffer.from(jws), (encrypter) => encrypter.addRecipient(key.recipient));
  expect(await isClosed(unpadded)).toBe(true);
});

test("more than 256 KiB are refused unread", async () => {
  const large = await sealedAnyhow(new Uint8Array(256 * 1024), (encrypter) =>
    encrypter.addRecipient(key.recipient),
  );
  expect(await isClosed(large)).toBe(true);
});

test("identities that are none are a mistake of the program, and not of the box", async () => {
  await expect(openBox(sealed, { current: "AGE-SECRET-KEY-1" })).rejects.toThrow();
});

test("age keys are told from mistyped ones by their checksum", () => {
  const recipients = [key.recipient, other.recipient, ageKey.recipient];
  const identities = [key.identity, other.identity, ageKey.identity];
  expect(recipients.map(isRecipient)).toEqual([true, true, true]);
  expect(identities.map(isIdentity)).toEqual([true, true, true]);
  expect([...recipients.map(isIdentity), ...identities.map(isRecipient)]).not.toContain(true);
  for (const text of [ageKey.recipient, key.recipient.slice(0, 60)]) {
    for (let at = 0; at < text.length; at++) {
      const wrong = text.slice(0, at) + (text[at] === "q" ? "p" : "q") + text.slice(at + 1);
      expect(isRecipient(wrong), wrong).toBe(false);
    }
  }
  for (const wrong of [
    "",
    "age1",
    ageKey.recipient.toUpperCase(),
    ` ${ageKey.recipient}`,
    `${ageKey.recipient}q`,
  ]) {
    expect(isRecipient(wrong), wrong).toBe(false);
  }
  expect(isIdentity(ageKey.identity.toLowerCase())).toBe(false);
});
