// What keeps the relay from running for a reason its operator can remove: a permanent code, a sentence that says what
// happened, and a hint that says what to do. Everything else that is thrown is a bug.

/** Codes are forever: add, never rename. */
export const operatorErrorCodes = [
  "accounts-invalid",
  "accounts-missing",
  "configuration-invalid",
  "disk-full",
  "port-in-use",
  "store-damaged",
  "store-in-use",
  "store-newer",
  "store-not-writable",
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
}
