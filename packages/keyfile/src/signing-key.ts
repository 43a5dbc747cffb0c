// Ed25519 keys (RFC 8032) as JWK (RFC 8037). A key's name is its thumbprint, so one key cannot pass for two.

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from "node:crypto";

import { bytesOfBase64url } from "./digest.ts";

/** The public half: RFC 8037 §2, and no member besides. `x` is 32 bytes in base64url. */
export interface PublicJwk {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
}

/** Both halves. `d` is the 32 bytes of the RFC 8032 seed in base64url: a secret. */
export interface PrivateJwk extends PublicJwk {
  readonly d: string;
}

/** Whoever signs: a key in memory here, in a file, or elsewhere. Signatures are 64 bytes, RFC 8032 §5.1.6. */
export interface Signer {
  readonly kid: string;
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

/** The RFC 7638 thumbprint: SHA-256 over the required members in alphabetical order, in base64url. 43 characters. */
export function kidOf({ crv, kty, x }: PublicJwk): string {
  return createHash("sha256").update(JSON.stringify({ crv, kty, x })).digest("base64url");
}

// Points of order 1, 2, 4 and 8 without the sign of x. Under such a key one signature fits many messages, and not every
// library that verifies refuses it.
const smallOrder = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);
// p = 2^255 − 19, the number that every coordinate is below, most significant byte first.
const fieldPrime = `7f${"ff".repeat(30)}ed`;

/** Whether 32 bytes may be a public key: y below p (RFC 8032 §5.1.3), and not a point of small order. */
function isSound(bytes: Uint8Array): boolean {
  if (bytes.length !== 32) return false;
  const y = Buffer.from(bytes);
  y.writeUInt8(y.readUInt8(31) & 0x7f, 31);
  if (smallOrder.has(y.toString("hex"))) return false;
  return y.reverse().toString("hex") < fieldPrime;
}

/** Whether a JWK's `x` may be a public key; see `publicKeyOf`. */
export function isPublicX(x: string): boolean {
  const bytes = bytesOfBase64url(x);
  return bytes !== null && isSound(bytes);
}

/**
 * A public key to verify with.
 * @throws TypeError for an `x` that is not 32 bytes in canonical base64url, that is not canonical itself, or that is
 *   a point of small order.
 */
export function publicKeyOf(jwk: PublicJwk): KeyObject {
  if (!isPublicX(jwk.x)) throw new TypeError("expected a sound Ed25519 public key");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: jwk.x }, format: "jwk" });
}

/** Whether the signature is of these bytes and this key (RFC 8032 §5.1.7, without the cofactor; S must be below L). */
export function isSignature(signature: Uint8Array, bytes: Uint8Array, key: KeyObject): boolean {
  return verify(null, bytes, key, signature);
}

function jwkOf(key: KeyObject): PublicJwk {
  const { x } = createPublicKey(key).export({ format: "jwk" });
  return { kty: "OKP", crv: "Ed25519", x: x ?? "" };
}

function signerWith(key: KeyObject, half: PublicJwk): Signer {
  return { kid: kidOf(half), sign: (bytes) => sign(null, bytes, key) };
}

/** A new key, both halves. */
export function newSigningKey(): PrivateJwk {
  const { x, d } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  return { kty: "OKP", crv: "Ed25519", x: x ?? "", d: d ?? "" };
}

/** What others may see of a key. */
export function publicHalf({ kty, crv, x }: PublicJwk): PublicJwk {
  return { kty, crv, x };
}

/**
 * Signs with a key in memory.
 * @throws TypeError when the halves do not belong together.
 */
export function signerOf(jwk: PrivateJwk): Signer {
  const key = createPrivateKey({ key: { ...jwk }, format: "jwk" });
  const half = jwkOf(key);
  if (half.x !== jwk.x) throw new TypeError("expected the two halves of one key");
  return signerWith(key, half);
}

// RFC 8410 §7: what stands before the 32 bytes of the seed in PKCS #8.
const beforeSeed = Buffer.from("302e020100300506032b657004220420", "hex");

function keyFrom(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([beforeSeed, seed]), format: "der", type: "pkcs8" });
}

/** Both halves of the key that grows from 32 bytes (RFC 8032 §5.1.5). The same bytes always give the same key. */
export function signingKeyFrom(seed: Uint8Array): PrivateJwk {
  return { ...jwkOf(keyFrom(seed)), d: Buffer.from(seed).toString("base64url") };
}

/** Signs with that key. */
export function signerFrom(seed: Uint8Array): Signer {
  const key = keyFrom(seed);
  return signerWith(key, jwkOf(key));
}
