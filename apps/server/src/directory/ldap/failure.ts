// What went wrong at a directory, in a code for administrators. Nothing of what was sent is in it.

import type { RunFailure } from "@lockstep/api";
import { ResultCodeError } from "ldapts";

/** A directory could not be read. */
export class DirectoryFailed extends Error {
  readonly code: RunFailure;

  constructor(code: RunFailure, cause?: unknown) {
    super(`the directory could not be read: ${code}`, { cause });
    this.name = "DirectoryFailed";
    this.code = code;
  }
}

/** Whether trying again by time could lock the account that reads. */
export function locksOut(code: string): boolean {
  return code === "password-refused" || code === "account-not-usable";
}

/** RFC 4511 §4.1.9. */
const byResult: Readonly<Record<number, RunFailure>> = {
  3: "timed-out",
  4: "size-limited",
  8: "tls-refused",
  10: "referrals-left",
  11: "size-limited",
  13: "tls-refused",
  18: "filter-invalid",
  32: "base-missing",
  34: "base-missing",
  49: "password-refused",
  50: "reading-refused",
  51: "timed-out",
  52: "timed-out",
  87: "filter-invalid",
};

const byCode: Readonly<Record<string, RunFailure>> = {
  CERT_HAS_EXPIRED: "certificate-expired",
  CERT_NOT_YET_VALID: "certificate-expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate-name-differs",
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate-untrusted",
  SELF_SIGNED_CERT_IN_CHAIN: "certificate-untrusted",
  UNABLE_TO_GET_ISSUER_CERT: "certificate-untrusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "certificate-untrusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate-untrusted",
  CERT_SIGNATURE_FAILURE: "certificate-untrusted",
  CERT_UNTRUSTED: "certificate-untrusted",
  INVALID_CA: "certificate-untrusted",
  INVALID_PURPOSE: "certificate-untrusted",
  EPROTO: "tls-refused",
  ECONNREFUSED: "unreachable",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  ENOTFOUND: "unreachable",
  EAI_AGAIN: "unreachable",
  ETIMEDOUT: "unreachable",
  EPIPE: "interrupted",
  ECONNRESET: "interrupted",
};

/** What the library says in words alone. */
const byWords: readonly (readonly [RegExp, RunFailure])[] = [
  [/before secure TLS/, "tls-refused"],
  [/Connection timeout/, "unreachable"],
  [/Operation timed out/, "timed-out"],
  [/Connection closed|Socket error|Socket connection not established/, "interrupted"],
];

/** Active Directory says with error 49 what is wrong with the account: [MS-ERREF], in hexadecimal. */
const notUsable = /data (530|531|532|533|701|773|775)\b/;

function codeOf(error: Error): RunFailure {
  if (error instanceof ResultCodeError) {
    const code = byResult[error.code] ?? "directory-failed";
    return code === "password-refused" && notUsable.test(error.message) ? "account-not-usable" : code;
  }
  const [, spoken] = byWords.find(([words]) => words.test(error.message)) ?? [];
  if (spoken !== undefined) return spoken;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return byCode[code] ?? (/^ERR_(SSL|TLS)_/.test(code) ? "tls-refused" : "directory-failed");
}

/** @returns what is thrown on: a failure of the directory's as such, a bug of ours as it is. */
export function asFailure(error: unknown): unknown {
  if (error instanceof DirectoryFailed || error instanceof TypeError || !(error instanceof Error))
    return error;
  return new DirectoryFailed(codeOf(error), error);
}
