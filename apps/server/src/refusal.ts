// The one way in which commands say no. Everything else that is thrown is a bug.

import { refusals, type RefusalCode } from "@lockstep/api";

export class Refusal extends Error {
  readonly code: RefusalCode;
  /** Safe to show: which part of the request it was about. */
  readonly detail: string | undefined;

  constructor(code: RefusalCode, { detail, cause }: { detail?: string; cause?: unknown } = {}) {
    super(refusals[code].title, { cause });
    this.name = "Refusal";
    this.code = code;
    this.detail = detail;
  }
}
