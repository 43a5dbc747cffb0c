// Published vectors for the primitives exactly as they are called here. RFC 5869 and RFC 8032 are in hkdf.test.ts and
// signing-key.test.ts.

// cspell:ignore Gxne kuwsx Axyuf Papi Mlrw JFZERTQSJ Xhhb BFZDI pbmc Jzln
import { createCipheriv, createDecipheriv } from "node:crypto";

import { CompactSign, compactVerify, importJWK } from "jose";
import { expect, test } from "vitest";

import { isSignature, kidOf, publicHalf, publicKeyOf, signerOf, type PrivateJwk } from "./signing-key.ts";

const hex = (digits: string) => Buffer.from(digits.replaceAll(/\s/g, ""), "hex");
const text = (value: string) => Buffer.from(value, "latin1");

test("RFC 8439 §2.8.2: ChaCha20-Poly1305, as offers are sealed with it", () => {
  const key = hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  const nonce = hex("070000004041424344454647");
  const aad = hex("50515253c0c1c2c3c4c5c6c7");
  const plain = text(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
  );
  const options = { authTagLength: 16 };
  const cipher = createCipheriv("chacha20-poly1305", key, nonce, options);
  cipher.setAAD(aad, { plaintextLength: plain.length });
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  expect(sealed.toString("hex")).toBe(
    "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116",
  );
  expect(cipher.getAuthTag().toString("hex")).toBe("1ae10b594f09e26a7e902ecbd0600691");
  const decipher = createDecipheriv("chacha20-poly1305", key, nonce, options);
  decipher.setAAD(aad, { plaintextLength: sealed.length });
  decipher.setAuthTag(Buffer.from(cipher.getAuthTag()).fill(0, 15));
  decipher.update(sealed);
  expect(() => decipher.final()).toThrow();
});

const rfc8037: PrivateJwk = {
  kty: "OKP",
  crv: "Ed25519",
  d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
};

test("RFC 8037 §A.3 and RFC 7638 §3.2: the thumbprint of an Ed25519 key", () => {
  expect(kidOf(rfc8037)).toBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
});

test("RFC 8037 §A.4 and §A.5: a JWS with Ed25519, here and in the other implementation", async () => {
  const signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
  const signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
  const bytes = Buffer.from(signed);
  const made = Buffer.from(signerOf(rfc8037).sign(bytes)).toString("base64url");
  const key = await importJWK(rfc8037, "EdDSA");
  const other = await new CompactSign(text("Example of Ed25519 signing"))
    .setProtectedHeader({ alg: "EdDSA" })
    .sign(key);
  expect(made).toBe(signature);
  expect(other).toBe(`${signed}.${signature}`);
  expect(isSignature(Buffer.from(signature, "base64url"), bytes, publicKeyOf(rfc8037))).toBe(true);
  const { payload } = await compactVerify(other, await importJWK(publicHalf(rfc8037), "EdDSA"));
  expect(Buffer.from(payload).toString()).toBe("Example of Ed25519 signing");
});
