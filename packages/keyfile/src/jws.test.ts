import { createHmac } from "node:crypto";

import { CompactSign, compactVerify, importJWK } from "jose";
import { expect, test } from "vitest";

import { keyFile, orders, pulse, root, signingKeys } from "./examples.ts";
import { isSignedBy, jsonOf, objectTypes, readJws } from "./jws.ts";
import { signKeyFile } from "./key-file.ts";
import { signOrders } from "./orders.ts";
import { signPulse } from "./pulse.ts";
import { signRoot } from "./root.ts";
import { kidOf, publicHalf, publicKeyOf, signerOf } from "./signing-key.ts";

const issuer = signerOf(signingKeys.issuer);
const issuerKey = publicKeyOf(signingKeys.issuer);
const signed = signKeyFile(keyFile, issuer);
const base64url = (text: string) => Buffer.from(text).toString("base64url");

/** A JWS with whatever header and payload, really signed. */
function forged(header: object | string, payload: string = JSON.stringify(keyFile)): string {
  const head = typeof header === "string" ? header : JSON.stringify(header);
  const bytes = `${base64url(head)}.${base64url(payload)}`;
  return `${bytes}.${Buffer.from(issuer.sign(Buffer.from(bytes))).toString("base64url")}`;
}

function isVerified(text: string): boolean {
  const jws = readJws(text);
  return jws !== null && isSignedBy(jws, "key-file", issuerKey);
}

const header = { alg: "Ed25519", kid: issuer.kid, typ: objectTypes["key-file"] };

test("what is signed here verifies with another implementation of JWS, byte for byte", async () => {
  const key = await importJWK(publicHalf(signingKeys.issuer), "Ed25519");
  const { payload, protectedHeader } = await compactVerify(signed, key, { algorithms: ["Ed25519"] });
  expect(Buffer.from(payload).toString()).toBe(JSON.stringify(keyFile));
  expect(protectedHeader).toEqual(header);
});

test("what another implementation of JWS signs verifies here", async () => {
  const key = await importJWK(signingKeys.issuer, "Ed25519");
  const text = await new CompactSign(Buffer.from(JSON.stringify(keyFile)))
    .setProtectedHeader(header)
    .sign(key);
  expect(isVerified(text)).toBe(true);
  expect(text).toBe(signed);
});

test("the algorithm is Ed25519 and never what the header wishes: not none, not HMAC with the public key as its secret", () => {
  const { x } = signingKeys.issuer;
  const unsigned = (alg: string) =>
    `${base64url(JSON.stringify({ ...header, alg }))}.${base64url(JSON.stringify(keyFile))}`;
  const mac = createHmac("sha256", Buffer.from(x, "base64url")).update(unsigned("HS256")).digest("base64url");
  expect(readJws(`${unsigned("none")}.`)).toBeNull();
  expect(readJws(`${unsigned("HS256")}.${mac}`)).toBeNull();
  for (const alg of ["EdDSA", "ES256", "ed25519", "", null, ["Ed25519"]]) {
    expect(readJws(forged({ ...header, alg })), String(alg)).toBeNull();
  }
  expect(isVerified(forged(header))).toBe(true);
});

test("the right signature with the wrong type is refused: orders never pass for a Key-File", () => {
  for (const [kind, typ] of Object.entries(objectTypes)) {
    expect(isVerified(forged({ ...header, typ })), kind).toBe(kind === "key-file");
  }
  for (const typ of ["JWT", "kf1-keyfile", "KF1-KEYFILE+JWS", "application/kf1-keyfile+jws", undefined, 1]) {
    expect(readJws(forged({ ...header, typ })), String(typ)).toBeNull();
  }
});

test("a header has its three members and no other, each once", () => {
  const more = [
    { crit: ["b64"], b64: false },
    { crit: [] },
    { jwk: publicHalf(signingKeys.stranger) },
    { jku: "https://relay.northwind.example/keys" },
    { zip: "DEF" },
    { cty: "kf1" },
  ];
  for (const member of more) expect(readJws(forged({ ...header, ...member }))).toBeNull();
  const { alg, kid, typ } = header;
  const twice = `{"alg":"none","alg":"${alg}","kid":"${kid}","typ":"${typ}"}`;
  expect(readJws(forged(twice))).toBeNull();
  expect(readJws(forged({ alg, typ }))).toBeNull();
  expect(readJws(forged({ ...header, kid: "issuer" }))).toBeNull();
  expect(readJws(forged("[]"))).toBeNull();
});

test("a JWS has one spelling: no padding, no spaces, no meaningless bits, three parts", () => {
  const [head = "", payload = "", signature = ""] = signed.split(".");
  // 64 bytes end in a character of which four bits mean nothing.
  const respelled = signature.slice(0, -1) + String.fromCharCode(signature.charCodeAt(85) + 1);
  expect(Buffer.from(respelled, "base64url")).toEqual(Buffer.from(signature, "base64url"));
  const wrong = [
    `${head}.${payload}.${respelled}`,
    `${head}.${payload}.${signature}==`,
    `${head}.${payload}.${signature}\n`,
    ` ${signed}`,
    `${head}=.${payload}.${signature}`,
    `${head}.${payload}`,
    `${signed}.`,
    `${signed}.${signature}`,
    `${head}..${signature}.`,
    "",
    "..",
    ".",
  ];
  for (const text of wrong) expect(readJws(text), text).toBeNull();
  expect(isVerified(signed)).toBe(true);
});

test("one altered character of header, payload or signature, and it is not verified", () => {
  for (let at = 0; at < signed.length; at += 7) {
    const character = signed[at] === "A" ? "B" : "A";
    const altered = signed.slice(0, at) + character + signed.slice(at + 1);
    expect(isVerified(altered), `character ${at}`).toBe(false);
  }
});

test("a JWS without payload, or with more than 192 KiB of it, is refused or is no JSON", () => {
  const [head = "", , signature = ""] = signed.split(".");
  const empty = readJws(`${head}..${signature}`);
  expect(empty === null ? undefined : jsonOf(empty)).toBeUndefined();
  expect(readJws(forged(header, `"${"a".repeat(192 * 1024 - 2)}"`))).not.toBeNull();
  expect(readJws(forged(header, `"${"a".repeat(192 * 1024 - 1)}"`))).toBeNull();
});

test("duplicate names under a right signature are no object", () => {
  const jws = readJws(forged(header, '{"org":1,"org":2}'));
  expect(jws && isSignedBy(jws, "key-file", issuerKey)).toBe(true);
  expect(jws && jsonOf(jws)).toBeUndefined();
});

test("nothing is signed that nobody would accept", () => {
  const wrong = [
    () => signKeyFile({ ...keyFile, ver: 0 }, issuer),
    () => signKeyFile({ ...keyFile, iat: 1.5 }, issuer),
    () => signKeyFile({ ...keyFile, more: 1 } as typeof keyFile, issuer),
    () => signOrders({ ...orders, act: "ACT" }, issuer),
    () => signPulse({ ...pulse, exp: pulse.iat }, issuer),
    () => signRoot({ ...root, version: 0 }, issuer),
  ];
  for (const sign of wrong) expect(sign).toThrow(/^not an? /);
  const lone = { ...keyFile, policy: { "removable-media.mode": "\ud800" } };
  expect(() => signKeyFile(lone, issuer)).toThrow("half a surrogate pair");
});

test("a key is known by its thumbprint", () => {
  expect(readJws(signed)?.kid).toBe(kidOf(signingKeys.issuer));
});
