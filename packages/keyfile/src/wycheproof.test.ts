// cspell:ignore Ppby Mkoq
// The vectors of Project Wycheproof through the functions that everything here goes through. A title says what it would
// mean if one of them failed.

import { expect, test } from "vitest";
import { z } from "zod";

import { open, seal } from "./chacha.ts";
import { derive } from "./hkdf.ts";
import { hmacOf } from "./hmac.ts";
import { readJws } from "./jws.ts";
import { isSignature, publicKeyOf, signerFrom, signingKeyFrom } from "./signing-key.ts";
import { attempt, bytes, published } from "./testing/published.ts";
import { x25519Secret, x25519Shared } from "./x25519.ts";

const file = (name: string) => new URL(`vectors/${name}_test.json`, import.meta.url);

test("Ed25519: else a signature could be forged, or be altered and still hold, so that one object had two digests", () => {
  const shape = { pk: bytes, sk: bytes, msg: bytes, sig: bytes };
  for (const { id, result, pk, sk, msg, sig } of published(file("eddsa"), 145, shape)) {
    const key = publicKeyOf({ kty: "OKP", crv: "Ed25519", x: pk.toString("base64url") });
    expect(isSignature(sig, msg, key), `${id}`).toBe(result === "valid");
    expect(signingKeyFrom(sk).x, `${id}`).toBe(pk.toString("base64url"));
    if (result === "valid") expect(Buffer.from(signerFrom(sk).sign(msg)), `${id}`).toEqual(sig);
  }
});

test("X25519: else two ends came to two secrets, or a key of low order made a secret that everybody knows", () => {
  const shape = { public: bytes, private: bytes, shared: bytes, flags: z.array(z.string()).default([]) };
  for (const each of published(file("x25519"), 518, shape)) {
    const shared = attempt(() => x25519Shared(x25519Secret(each.private), each.public));
    const expected = each.flags.includes("ZeroSharedSecret") ? null : each.shared;
    expect(shared, `${each.id}`).toEqual(expected);
  }
});

test("HKDF-SHA-256: else mailboxes and keys that grow from one secret at both ends would not be the same", () => {
  const shape = { ikm: bytes, salt: bytes, info: bytes, size: z.int(), okm: bytes };
  for (const { id, result, ikm, salt, info, size, okm } of published(file("hkdf_sha256"), 105, shape)) {
    const derived = attempt(() => derive(ikm, { salt, info, bytes: size }));
    expect(derived, `${id}`).toEqual(result === "valid" ? okm : null);
  }
});

test("HMAC-SHA-256: else who does not know a code could join with it, and a header could be altered", () => {
  const shape = { key: bytes, msg: bytes, tag: bytes };
  for (const { id, result, key, msg, tag } of published(file("hmac_sha256"), 87, shape)) {
    expect(hmacOf(key, msg).equals(tag), `${id}`).toBe(result === "valid");
  }
});

test("ChaCha20-Poly1305: else an offer or a file could be altered, or no other program could open it", () => {
  const shape = { key: bytes, iv: bytes, aad: bytes, msg: bytes, ct: bytes, tag: bytes };
  for (const { id, result, key, iv, aad, msg, ct, tag } of published(file("chacha20_poly1305"), 300, shape)) {
    const once = { key, nonce: iv, additional: aad };
    const isValid = result === "valid";
    expect(
      attempt(() => open(once, Buffer.concat([ct, tag]))),
      `${id}`,
    ).toEqual(isValid ? msg : null);
    const isOfItsLength = iv.length === 12;
    expect(
      attempt(() => seal(once, msg)),
      `${id}`,
    ).toEqual(isValid ? [ct, tag] : isOfItsLength ? (expect.any(Array) as unknown) : null);
  }
});

test("RFC 7515 §A.1: HMAC-SHA-256 over a JWS, which is refused here like every algorithm but Ed25519", () => {
  const key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
  const signed =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  const signature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  expect(hmacOf(Buffer.from(key, "base64url"), signed).toString("base64url")).toBe(signature);
  expect(readJws(`${signed}.${signature}`)).toBeNull();
});
