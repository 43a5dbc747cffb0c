// What a cookie or a token carries: where its session is, and 256 random bits, of which only the hash is kept.

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

import { parseId, type Id, type OrganisationId } from "@lockstep/core";

export type SessionId = Id<"session">;

export interface Credential {
  readonly organisationId: OrganisationId;
  readonly sessionId: SessionId;
  readonly secretHash: Buffer;
}

/** By this a program that looks for leaked secrets recognises ours. */
const mark = "lockstep_";

const bytesOf = (id: string) => Buffer.from(id.replaceAll("-", ""), "hex");
const idOf = (bytes: Buffer) =>
  bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
const hashOf = (secret: Buffer) => createHash("sha256").update(secret).digest();

/** A new secret for a session. `text` is what the caller keeps. */
export function makeSecret(
  organisationId: OrganisationId,
  sessionId: SessionId,
): Credential & { text: string } {
  const secret = randomBytes(32);
  const packed = Buffer.concat([bytesOf(organisationId), bytesOf(sessionId), secret]);
  const text = mark + packed.toString("base64url");
  return { organisationId, sessionId, secretHash: hashOf(secret), text };
}

/** @returns null for what is no secret of ours. */
export function parseSecret(text: string): Credential | null {
  if (!text.startsWith(mark)) return null;
  const packed = Buffer.from(text.slice(mark.length), "base64url");
  if (packed.length !== 64) return null;
  return {
    organisationId: parseId<"organisation">(idOf(packed.subarray(0, 16))),
    sessionId: parseId<"session">(idOf(packed.subarray(16, 32))),
    secretHash: hashOf(packed.subarray(32)),
  };
}

export function isSame(one: Buffer, other: Buffer | null): boolean {
  return other !== null && one.length === other.length && timingSafeEqual(one, other);
}
