import { createHash } from "node:crypto";

import { expect, test } from "vitest";

import { signingKeys } from "./examples.ts";
import {
  isPublicX,
  isSignature,
  kidOf,
  newSigningKey,
  publicHalf,
  publicKeyOf,
  signerOf,
  signingKeyFrom,
} from "./signing-key.ts";

const hex = (digits: string) => Buffer.from(digits, "hex");
const base64url = (digits: string) => hex(digits).toString("base64url");
const jwkOf = (digits: string) => ({ kty: "OKP", crv: "Ed25519", x: base64url(digits) }) as const;

// RFC 8032 §7.1: seed, public key, message, signature.
const rfc8032 = [
  [
    "TEST 1",
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  ],
  [
    "TEST 2",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  ],
  [
    "TEST 3",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  ],
  [
    "TEST SHA(abc)",
    "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
    "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
    createHash("sha512").update("abc").digest("hex"),
    "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
  ],
] as const;

test.each(rfc8032)("RFC 8032 §7.1 %s: key, signature and verification", (...vector) => {
  const [, seed, x, message, signature] = vector;
  const key = signingKeyFrom(hex(seed));
  expect(key.x).toBe(base64url(x));
  expect(Buffer.from(signerOf(key).sign(hex(message))).toString("hex")).toBe(signature);
  expect(isSignature(hex(signature), hex(message), publicKeyOf(key))).toBe(true);
  expect(isSignature(hex(signature), Buffer.concat([hex(message), hex("00")]), publicKeyOf(key))).toBe(false);
});

test("RFC 8037 §A.3 and §A.4: the thumbprint of a key, and what it signs", () => {
  const key = signingKeyFrom(hex(rfc8032[0][1]));
  expect(Buffer.from(kidOf(key), "base64url").toString("hex")).toBe(
    "90facafea9b1556698540f70c0117a22ea37bd5cf3ed3c47093c1707282b4b89",
  );
  const parts = ['{"alg":"EdDSA"}', "Example of Ed25519 signing"].map((part) => Buffer.from(part));
  const signed = parts.map((part) => part.toString("base64url")).join(".");
  expect(Buffer.from(signerOf(key).sign(Buffer.from(signed))).toString("hex")).toBe(
    "860c98d2297f3060a33f42739672d61b53cf3adefed3d3c672f320dc021b411e9d59b8628dc351e248b88b29468e0e41855b0fb7d83bb15be902bfccb8cd0a02",
  );
});

const order = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The number that little-endian bytes are. */
function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
}

function bytesOf(number: bigint): Buffer {
  return hex(number.toString(16).padStart(64, "0")).reverse();
}

test("a signature whose S is L or more is refused: else everybody could make a second one of the first", () => {
  const message = Buffer.from("a message");
  const key = publicKeyOf(signingKeys.issuer);
  const signature = Buffer.from(signerOf(signingKeys.issuer).sign(message));
  const [r, s] = [signature.subarray(0, 32), numberOf(signature.subarray(32))];
  expect(isSignature(signature, message, key)).toBe(true);
  for (const times of [1n, 2n, 8n]) {
    expect(isSignature(Buffer.concat([r, bytesOf(s + times * order)]), message, key)).toBe(false);
  }
});

test("a signature of another length, all zeros or all ones is refused", () => {
  const message = Buffer.from("a message");
  const key = publicKeyOf(signingKeys.issuer);
  const signature = signerOf(signingKeys.issuer).sign(message);
  const zeros = [0, 1, 32, 63, 64, 65].map((length) => Buffer.alloc(length));
  const others = [Buffer.alloc(64, 0xff), signature.subarray(1), Buffer.concat([signature, signature])];
  for (const wrong of [...zeros, ...others]) expect(isSignature(wrong, message, key)).toBe(false);
});

const smallOrder = [
  `01${"00".repeat(31)}`,
  "00".repeat(32),
  `${"00".repeat(31)}80`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  `ec${"ff".repeat(30)}7f`,
  `ec${"ff".repeat(30)}ff`,
  `01${"00".repeat(30)}80`,
];

test("a key of small order is no key: one signature would fit every message", () => {
  for (const digits of smallOrder) {
    expect(() => publicKeyOf(jwkOf(digits))).toThrow("expected a sound Ed25519 public key");
  }
  expect(isPublicX(signingKeys.issuer.x)).toBe(true);
});

test("a key with a second spelling is no key", () => {
  for (const low of ["ed", "ee", "f0", "ff"]) {
    expect(isPublicX(base64url(`${low}${"ff".repeat(30)}7f`))).toBe(false);
    expect(isPublicX(base64url(`${low}${"ff".repeat(30)}ff`))).toBe(false);
  }
  const { x } = signingKeys.issuer;
  // The last character of 43 carries two bits that mean nothing.
  const last = x.charCodeAt(42);
  for (const other of [
    x + "=",
    ` ${x}`,
    x.slice(0, 42),
    x.slice(0, 42) + String.fromCharCode(last + 1),
    "",
  ]) {
    expect(isPublicX(other), other).toBe(false);
  }
});

test("halves of two keys do not make a signer", () => {
  const { issuer, stranger } = signingKeys;
  expect(() => signerOf({ ...issuer, x: stranger.x })).toThrow("expected the two halves of one key");
});

test("a new key signs what its public half verifies, and the public half tells nothing of the other", () => {
  const key = newSigningKey();
  const bytes = Buffer.from("bytes");
  expect(isSignature(signerOf(key).sign(bytes), bytes, publicKeyOf(publicHalf(key)))).toBe(true);
  expect(Object.keys(publicHalf(key))).toEqual(["kty", "crv", "x"]);
  expect(newSigningKey().x).not.toBe(key.x);
});
