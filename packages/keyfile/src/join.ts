// The join: a new device says who it is. A MAC under a key from the code shows that whoever sends it knew the code; the
// MAC covers the device's keys, and the device's signature covers the rest.

import { timingSafeEqual } from "node:crypto";

import { z } from "zod";

import { digestOf } from "./digest.ts";
import { hmacOf } from "./hmac.ts";
import { isSignedBy, jsonOf, readJws, signObject } from "./jws.ts";
import { digest, id, instant, line, payloadOf, publicJwk, recipient } from "./shapes.ts";
import { kidOf, publicHalf, publicKeyOf, signerOf, type PrivateJwk, type PublicJwk } from "./signing-key.ts";

/** Where a device keeps its secrets. The words are forever. */
export const keystores = ["tpm", "os", "file"] as const;
export const keystore = z.enum(keystores);

const facts = z.strictObject({ machine: digest, name: line.min(1), os: line, client: line, keystore });

const joinSchema = z.strictObject({
  org: id,
  act: id,
  iat: instant,
  sign: publicJwk,
  box: recipient,
  orders_box: recipient,
  facts,
  transcript: digest,
  mac: digest,
});

/**
 * `sign` is the device's signing key; `box` opens Key-Files while somebody is signed in to the key store, `orders_box`
 * orders and pulses at any time. `facts.machine` is `machineOf`, `facts.name` what the workstation is called.
 */
export type Join = Readonly<z.output<typeof joinSchema>>;

/** HMAC-SHA-256 of the operating system's machine id under the offer's machine key, as 64 hexadecimal digits. */
export function machineOf(machineKey: string, machineId: string): string {
  return hmacOf(Buffer.from(machineKey, "base64url"), machineId).toString("hex");
}

/** The public keys of a device. */
export interface DeviceKeys {
  readonly sign: PublicJwk;
  readonly box: string;
  readonly orders_box: string;
}

/**
 * What both sides must mean when they speak of this join: SHA-256 of six lines, each ended by a line feed:
 * `kf1/transcript`, the offer's hash, the activation, the signing key's thumbprint, and the two recipients.
 */
export function transcriptOf(offerHash: string, act: string, keys: DeviceKeys): string {
  const lines = ["kf1/transcript", offerHash, act, kidOf(keys.sign), keys.box, keys.orders_box];
  return digestOf(lines.map((each) => `${each}\n`).join(""));
}

/** HMAC-SHA-256 of a transcript's 64 digits, as 64 hexadecimal digits. */
function macOf(joinMac: Uint8Array, transcript: string): string {
  return hmacOf(joinMac, transcript).toString("hex");
}

/** What a join says besides what follows from the offer and the keys. */
export type JoinContent = Omit<Join, "sign" | "transcript" | "mac">;

/** What binds a join to the code: the key from it, and the hash of the offer that the code opened. */
export interface OfferProof {
  readonly joinMac: Uint8Array;
  readonly offerHash: string;
}

/**
 * A join as a compact JWS by the device's own key. Keep it: a retry sends the same one.
 * @throws TypeError when no server would take it.
 */
export function signJoin(
  content: JoinContent,
  device: PrivateJwk,
  { joinMac, offerHash }: OfferProof,
): string {
  const sign = publicHalf(device);
  const transcript = transcriptOf(offerHash, content.act, { ...content, sign });
  const value: Join = { ...content, sign, transcript, mac: macOf(joinMac, transcript) };
  return signObject("join", { schema: joinSchema, value }, signerOf(device));
}

function isEqual(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(digestOf(a)), Buffer.from(digestOf(b)));
}

/**
 * A join that was found in a mailbox and opened, if it is one for this activation.
 * @returns the join, or what is wrong: `content`, `signature` (not by the key that it brings), `recipient` (another
 *   activation), `mac` (whoever made it did not know the code, or changed a key of somebody who did).
 */
export function verifyJoin(
  text: string,
  activation: { readonly org: string; readonly act: string },
  { joinMac, offerHash }: OfferProof,
): Join | JoinRefusal {
  const jws = readJws(text);
  if (jws === null) return "signature";
  const join = payloadOf(joinSchema, jsonOf(jws) ?? null);
  if (join === null) return "content";
  if (jws.kid !== kidOf(join.sign) || !isSignedBy(jws, "join", publicKeyOf(join.sign))) return "signature";
  if (join.org !== activation.org || join.act !== activation.act) return "recipient";
  const transcript = transcriptOf(offerHash, join.act, join);
  return isEqual(join.transcript, transcript) && isEqual(join.mac, macOf(joinMac, transcript)) ? join : "mac";
}

/** Why a join was not taken. The words are forever. */
export const joinRefusals = ["signature", "content", "recipient", "mac"] as const;
export type JoinRefusal = (typeof joinRefusals)[number];
