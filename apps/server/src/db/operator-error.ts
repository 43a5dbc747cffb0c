// What keeps the server from running for a reason its operator can remove: a permanent code, a sentence
// that says what happened, and a hint that says what to do. Everything else that is thrown is a bug.

/** Codes are forever: add, never rename. */
export const operatorErrorCodes = [
  "configuration-invalid",
  "database-newer",
  "database-refused",
  "database-too-old",
  "database-unreachable",
  "database-url-invalid",
  "disk-full",
  "embedded-binaries-missing",
  "embedded-binaries-not-runnable",
  "embedded-binaries-too-old",
  "embedded-folder-damaged",
  "embedded-folder-in-use",
  "embedded-folder-not-writable",
  "embedded-folder-of-other-major",
  "embedded-folder-unreachable",
  "embedded-gave-up",
  "embedded-socket-folder-taken",
  "embedded-start-failed",
  "embedded-unsupported-platform",
  "embedded-user-unknown",
  "example-needs-empty-database",
  "key-encryption-key-invalid",
  "key-encryption-key-missing",
  "port-in-use",
  "root-key-invalid",
  "root-key-of-another-database",
] as const;

export type OperatorErrorCode = (typeof operatorErrorCodes)[number];

/** Printed as `error: <sentence>` and `hint: <hint>`, so both are lower case and without a full stop. */
export class OperatorError extends Error {
  readonly code: OperatorErrorCode;
  readonly hint: string;

  constructor(trouble: { code: OperatorErrorCode; sentence: string; hint: string; cause?: unknown }) {
    super(trouble.sentence, { cause: trouble.cause });
    this.name = "OperatorError";
    this.code = trouble.code;
    this.hint = trouble.hint;
  }

  /** What happened, in plain words; the same text as `message`. */
  get sentence(): string {
    return this.message;
  }
}
