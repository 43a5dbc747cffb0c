// Shapes that several objects have in common, and the one rule of what happens to members nobody knows.

import { z } from "zod";

import { isRecipient } from "./age-key.ts";
import { bytesOfBase64url } from "./digest.ts";
import { isPublicX, type PublicJwk } from "./signing-key.ts";
import type { Json, JsonObject } from "./strict-json.ts";

function sized(bytes: number): z.ZodType<string, string> {
  const isSized = (text: string) => bytesOfBase64url(text)?.length === bytes;
  return z.string().refine(isSized, `expected ${bytes} bytes in base64url`);
}

/** RFC 9562 §4, in lower case. */
export const id = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, "expected a UUID in lower case");

/** SHA-256 in lower-case hexadecimal. */
export const digest = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits");

/** RFC 7638, SHA-256, base64url. */
export const thumbprint = sized(32);

/** 32 random bytes in base64url: a nonce, or a secret that other keys grow from. */
export const secret32 = sized(32);

/** Seconds since 1970-01-01T00:00:00Z without leap seconds. */
export const instant = z.int().min(0);

/** Counts up from 1. */
export const count = z.int().min(1);

/** The last day that something covers, in the calendar of UTC. */
export const day = z.iso.date();

/** A name, a sentence: one line of at most 500 characters. */
export const line = z
  .string()
  .max(500)
  .regex(/^[^\p{Cc}]*$/u, "expected one line");

/** A word that programs compare: kebab-case. */
export const code = z.string().regex(/^[a-z0-9-]{1,64}$/, "expected a code");

/** Where an age box may be addressed to: `age1…` or, hybrid, `age1pq1…`. */
export const recipient = z.string().refine(isRecipient, "expected an age recipient");

export const publicJwk: z.ZodType<PublicJwk> = z.strictObject({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string().refine(isPublicX, "expected a sound Ed25519 public key"),
});

/** A root as it travels: compact JWS of one to many signers over the same bytes, with one space between two. */
const signedRoot = z.string().min(1);

/** Roots in the order of their versions, oldest first. */
export const signedRoots = z.array(signedRoot).max(64);

function isRelay(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== "" || url.password !== "" || url.hash !== "") return false;
  const isLoopback = ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback);
}

/** A relay's address: HTTPS, or plain HTTP to the machine itself. */
export const relay = z.string().max(500).refine(isRelay, "expected the HTTPS address of a relay");

export const relays = z.array(relay).min(1).max(8);

/** A policy's effective values by setting, as the catalogue of settings names them. Bounds are the reader's matter. */
export const settings = z.record(
  z.string().regex(/^[a-z][a-z0-9.-]{0,63}$/, "expected a setting"),
  z.union([z.string().max(200), z.int(), z.boolean()]),
);

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const extensions = z.array(z.string().min(1)).max(32).optional();

/**
 * The members that a schema knows. Others are refused unless `ext` names them; a name in `ext` must be a member.
 * @returns null when the value is no object, or its `ext` does not fit.
 */
function withoutExtensions(known: ReadonlySet<string>, value: Json): JsonObject | null {
  if (!isObject(value)) return null;
  const { ext, ...members } = value;
  const named = extensions.safeParse(ext);
  if (!named.success) return null;
  const ignored = new Set(named.data);
  if (ignored.size !== (named.data?.length ?? 0)) return null;
  if ([...ignored].some((name) => !Object.hasOwn(members, name))) return null;
  return Object.fromEntries(
    Object.entries(members).filter(([name]) => known.has(name) || !ignored.has(name)),
  );
}

/** The payload of a signed object as its schema has it, or null when it does not fit. Extensions are left out. */
export function payloadOf<Shape extends z.ZodObject>(schema: Shape, value: Json): z.output<Shape> | null {
  const members = withoutExtensions(new Set(Object.keys(schema.shape)), value);
  if (members === null) return null;
  const parsed = schema.safeParse(members);
  return parsed.success ? parsed.data : null;
}
