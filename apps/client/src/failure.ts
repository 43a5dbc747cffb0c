// Why the program did not do what it was asked to: a sentence, what to do next, and how it ends.

import { exitCodes, type ExitCode } from "./exit-codes.ts";

/** Printed as `error: <sentence>` and `hint: <hint>`, so both are lower case and without a full stop. */
export class Failure extends Error {
  readonly hint: string;
  readonly exitCode: ExitCode;

  constructor(sentence: string, hint: string, exitCode: ExitCode = exitCodes.failed) {
    super(sentence);
    this.name = "Failure";
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** The command cannot be understood as it was written. */
export function wrongUsage(sentence: string, hint: string): Failure {
  return new Failure(sentence, hint, exitCodes.wrongUsage);
}
