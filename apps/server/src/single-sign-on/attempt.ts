// One attempt to sign in by a provider, bound to the browser that began it: the browser's cookie holds the one secret,
// and what goes to the provider follows from it. So nothing is kept here for whoever never comes back.

import { createHmac } from "node:crypto";

import type { OrganisationId } from "@lockstep/core";

import { makeSecret, parseSecret } from "../sessions/secret.ts";
import type { ConnectionId } from "./store.ts";

export interface Attempt {
  readonly organisationId: OrganisationId;
  readonly id: ConnectionId;
  /** Comes back in the address (RFC 6749 §10.12). */
  readonly state: string;
  /** Comes back in the provider's signed statement (OpenID Connect Core §3.1.2.1). */
  readonly nonce: string;
  /** Without it the code is worth nothing (RFC 7636). */
  readonly verifier: string;
}

const minutes = 10;

function attemptOf(key: {
  readonly organisationId: OrganisationId;
  readonly id: ConnectionId;
  readonly secretHash: Buffer;
}): Attempt {
  const { organisationId, id, secretHash } = key;
  const derived = (what: string) =>
    createHmac("sha256", secretHash).update(`${what} ${organisationId} ${id}`).digest("base64url");
  return {
    organisationId,
    id,
    state: derived("state"),
    nonce: derived("nonce"),
    verifier: derived("verifier"),
  };
}

/** @returns with the secret for the cookie. */
export function beginAttempt(
  organisationId: OrganisationId,
  id: ConnectionId,
  at: Date,
): Attempt & { readonly secret: string; readonly expiresAt: Date } {
  const { text, ...key } = makeSecret(organisationId, id);
  return { ...attemptOf(key), secret: text, expiresAt: new Date(at.getTime() + minutes * 60_000) };
}

/** @returns null for what is no secret of ours. */
export function openAttempt(secret: string): Attempt | null {
  const key = parseSecret<"single-sign-on">(secret);
  return key === null ? null : attemptOf(key);
}
