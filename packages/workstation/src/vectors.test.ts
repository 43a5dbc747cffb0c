// cspell:ignore scrypted pleaseletmein
// Published vectors for the primitives exactly as files and key stores call them.

import {
  argon2,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  scrypt,
  type ScryptOptions,
} from "node:crypto";
import { promisify } from "node:util";

import { expect, test } from "vitest";

const hex = (digits: string) => Buffer.from(digits, "hex");

// RFC 8410 §7 and §4: what stands before the 32 bytes of an X25519 key.
const secretHalf = (bytes: Buffer) =>
  createPrivateKey({
    key: Buffer.concat([hex("302e020100300506032b656e04220420"), bytes]),
    format: "der",
    type: "pkcs8",
  });
const publicHalf = (bytes: Buffer) =>
  createPublicKey({
    key: Buffer.concat([hex("302a300506032b656e032100"), bytes]),
    format: "der",
    type: "spki",
  });

function shared(secret: string, point: string): string {
  return diffieHellman({
    privateKey: secretHalf(hex(secret)),
    publicKey: publicHalf(hex(point)),
  }).toString("hex");
}

test("RFC 7748 §5.2: X25519 on two scalars and points", () => {
  expect(
    shared(
      "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
      "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
    ),
  ).toBe("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
  expect(
    shared(
      "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
      "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
    ),
  ).toBe("95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
});

test("RFC 7748 §5.2: X25519 a thousand times over itself", () => {
  let [k, u] = [`09${"00".repeat(31)}`, `09${"00".repeat(31)}`];
  for (let times = 0; times < 1000; times += 1) [k, u] = [shared(k, u), k];
  expect(k).toBe("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
});

test("RFC 7748 §6.1: a point of small order gives no key", () => {
  const secret = "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4";
  const points = [
    "00".repeat(32),
    `01${"00".repeat(31)}`,
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    `ec${"ff".repeat(30)}7f`,
    `ed${"ff".repeat(30)}7f`,
    `ee${"ff".repeat(30)}7f`,
  ];
  for (const point of points) expect(() => shared(secret, point), point).toThrow();
});

const scrypted = promisify<string, string, number, ScryptOptions, Buffer>(scrypt);

test("RFC 7914 §12: scrypt", async () => {
  const derived = async (password: string, salt: string, costs: ScryptOptions) =>
    (await scrypted(password, salt, 64, { ...costs, maxmem: 64 * 1024 * 1024 })).toString("hex");
  expect(await derived("", "", { N: 16, r: 1, p: 1 })).toBe(
    "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
  );
  expect(await derived("password", "NaCl", { N: 1024, r: 8, p: 16 })).toBe(
    "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
  );
  expect(await derived("pleaseletmein", "SodiumChloride", { N: 16_384, r: 8, p: 1 })).toBe(
    "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
  );
});

test("RFC 9106 §5.3: Argon2id", async () => {
  const tag = await promisify(argon2)("argon2id", {
    message: Buffer.alloc(32, 1),
    nonce: Buffer.alloc(16, 2),
    secret: Buffer.alloc(8, 3),
    associatedData: Buffer.alloc(12, 4),
    memory: 32,
    passes: 3,
    parallelism: 4,
    tagLength: 32,
  });
  expect(tag.toString("hex")).toBe("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
});
