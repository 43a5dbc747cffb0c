// What a cookie, a token or a link carries: where its row is, and 256 random bits, of which only the hash is kept.

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

import { parseId, type Id, type OrganisationId } from "@lockstep/core";

export type SessionId = Id<"session">;

export interface Credential<Noun extends string = "session"> {
  readonly organisationId: OrganisationId;
  /** Of the row that keeps the hash. */
  readonly id: Id<Noun>;
  readonly secretHash: Buffer;
}

/** By this a program that looks for leaked secrets recognises ours. */
const mark = "lockstep_";

const bytesOf = (id: string) => Buffer.from(id.replaceAll("-", ""), "hex");
const idOf = (bytes: Buffer) =>
  bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
const hashOf = (secret: Buffer) => createHash("sha256").update(secret).digest();

/** A new secret for a row. `text` is what the caller keeps. */
export function makeSecret<Noun extends string>(
  organisationId: OrganisationId,
  id: Id<Noun>,
): Credential<Noun> & { text: string } {
  const secret = randomBytes(32);
  const packed = Buffer.concat([bytesOf(organisationId), bytesOf(id), secret]);
  const text = mark + packed.toString("base64url");
  return { organisationId, id, secretHash: hashOf(secret), text };
}

/** @returns null for what is no secret of ours. */
export function parseSecret<Noun extends string = "session">(text: string): Credential<Noun> | null {
  if (!text.startsWith(mark)) return null;
  const packed = Buffer.from(text.slice(mark.length), "base64url");
  if (packed.length !== 64) return null;
  return {
    organisationId: parseId<"organisation">(idOf(packed.subarray(0, 16))),
    id: parseId<Noun>(idOf(packed.subarray(16, 32))),
    secretHash: hashOf(packed.subarray(32)),
  };
}

export function isSame(one: Buffer, other: Buffer | null): boolean {
  return other !== null && one.length === other.length && timingSafeEqual(one, other);
}
