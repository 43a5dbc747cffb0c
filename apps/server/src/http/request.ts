// What arrives in a request's headers, parsed: the credential, the revision that was edited, the idempotency key.

import { createHash } from "node:crypto";

import type { Endpoint } from "@lockstep/api";
import { canonicalJson } from "@lockstep/core";

import type { AnsweredOnce } from "../calls/store.ts";
import { Refusal } from "../refusal.ts";
import type { Caller } from "./route.ts";

type Headers = Readonly<Record<string, string | string[] | undefined>>;

function single(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

/** A token given as RFC 6750 says. Whoever sends one means it: a cookie beside it is not looked at. */
export function bearerOf(headers: Headers): string | null {
  const [, token] = /^Bearer +(\S+) *$/i.exec(single(headers, "authorization") ?? "") ?? [];
  return token ?? null;
}

/**
 * The revision in If-Match, which is the ETag of what was loaded (RFC 9110 §13.1.1).
 * @throws Refusal revision_required, revision_changed for a tag that no revision has.
 */
export function matchOf({ needsMatch }: Pick<Endpoint, "needsMatch">, headers: Headers): number {
  if (needsMatch !== true) return 0;
  const given = single(headers, "if-match");
  if (given === undefined) throw new Refusal("revision_required");
  const [, revision] = /^"([1-9]\d{0,8})"$/.exec(given.trim()) ?? [];
  if (revision === undefined) throw new Refusal("revision_changed", { detail: "If-Match" });
  return Number(revision);
}

/** @throws Refusal malformed_request for a key that is none. */
export function onceOf(
  { creates, method, path }: Pick<Endpoint, "creates" | "method" | "path">,
  headers: Headers,
  { caller, asked }: { caller: Caller; asked: { params: unknown; body: unknown } },
): AnsweredOnce | undefined {
  const key = single(headers, "idempotency-key");
  if (creates !== true || key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw new Refusal("malformed_request", { detail: "Idempotency-Key" });
  const fingerprint = createHash("sha256")
    .update(canonicalJson({ method, path, params: asked.params, body: asked.body }))
    .digest();
  return { ...caller.owner, key, fingerprint };
}
