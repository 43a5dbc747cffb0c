// cspell:ignore Zodet
import { createSecretKey } from "node:crypto";

import { expect, test } from "vitest";

import { attempt, bytes, published } from "../../../../../packages/keyfile/src/testing/published.ts";
import { openGcm, unwrap } from "./jwe.ts";

const file = (name: string) => new URL(`vectors/${name}_test.json`, import.meta.url);

test("Wycheproof, AES-256-GCM: else what lies in the database could be altered without being noticed", () => {
  const shape = { key: bytes, iv: bytes, aad: bytes, msg: bytes, ct: bytes, tag: bytes };
  for (const { id, result, key, iv, aad, msg, ct, tag } of published(file("aes_gcm"), 85, shape)) {
    const sealed = { nonce: iv, additional: aad, sealed: ct, tag };
    // RFC 7518 §5.3: JWE has nonces of 96 bits and no other, though AES-GCM does.
    const expected = result === "valid" && iv.length === 12 ? msg : null;
    expect(
      attempt(() => openGcm(createSecretKey(key), sealed)),
      `${id}`,
    ).toEqual(expected);
  }
});

test("Wycheproof, AES-256 key wrap: else a wrapped key could be altered without being noticed", () => {
  const shape = { key: bytes, msg: bytes, ct: bytes };
  for (const { id, result, key, msg, ct } of published(file("kw"), 67, shape)) {
    expect(
      attempt(() => unwrap(createSecretKey(key), ct)),
      `${id}`,
    ).toEqual(result === "valid" ? msg : null);
  }
});

test("RFC 7516 §A.1: what AES-256-GCM seals in a JWE opens, bound to the header in front of it", () => {
  const numbers = [
    177, 161, 244, 128, 84, 143, 225, 115, 63, 180, 3, 255, 107, 154, 212, 246, 138, 7, 110, 91, 112, 46, 34,
    105, 47, 130, 203, 46, 122, 234, 64, 252,
  ];
  const key = createSecretKey(Buffer.from(numbers));
  const header = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ";
  const base64url = (text: string) => Buffer.from(text, "base64url");
  const sealed = {
    nonce: base64url("48V1_ALb6US04U3b"),
    additional: Buffer.from(header),
    sealed: base64url("5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A"),
    tag: base64url("XFBoMYUZodetZdvTiFvSkQ"),
  };
  expect(openGcm(key, sealed).toString()).toBe(
    "The true sign of intelligence is not knowledge but imagination.",
  );
  expect(() => openGcm(key, { ...sealed, additional: Buffer.from(`${header}A`) })).toThrow();
});
