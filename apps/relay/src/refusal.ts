// The one way in which the relay says no to whoever asks it. Everything else that is thrown is a bug.

import { relay } from "@lockstep/api";

export class Refusal extends Error {
  readonly code: relay.RelayRefusalCode;
  /** Safe to show: which part of the request it was about. */
  readonly detail: string | undefined;

  constructor(
    code: relay.RelayRefusalCode,
    { detail, cause }: { detail?: string | undefined; cause?: unknown } = {},
  ) {
    super(relay.refusals[code].title, { cause });
    this.name = "Refusal";
    this.code = code;
    this.detail = detail;
  }
}
