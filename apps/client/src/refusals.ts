// What the workstation's refusals are called on the command line: its sentence, and what to type next.

import type { WorkstationRefusal, WorkstationRefusalCode } from "@lockstep/workstation";

import { exitOf } from "./exit-codes.ts";
import { Failure } from "./failure.ts";

/** Where a command says it better than the workstation's own hint. */
const hints: Partial<Record<WorkstationRefusalCode, string>> = {
  "relay-unknown": "name it with --relay URL, or use the link that has code and relay",
  "relay-unreachable": "check the network, then run the same command again",
  "answer-pending": "the same command goes on waiting; it takes the same password",
  "already-activated": "for another organisation: lockstep-client activate CODE --profile NAME",
  "not-activated": "lockstep-client activate CODE, with the code from your administrator",
  "password-change-required": "lockstep-client password",
  "not-logged-in": "lockstep-client login",
  locked: "ask your administrator to unlock it, then: lockstep-client sync",
  "attempts-exhausted": "ask your administrator to unlock this workstation, then: lockstep-client sync",
  "offline-too-long": "a word from the server opens them again: lockstep-client sync",
  "no-key": "lockstep-client sync; if it stays so, ask your administrator",
  "passphrase-needed": "lockstep-client decrypt FILE --passphrase",
};

function uncapitalised(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** Sentences as the house prints an error: lower case, no full stop at the end. */
export function asError(sentences: string): string {
  return sentences
    .trim()
    .split(/\.(?:\s+|$)/)
    .filter((sentence) => sentence !== "")
    .map(uncapitalised)
    .join("; ");
}

/** What to do about a refusal. */
export function hintOf({ code, hint }: Pick<WorkstationRefusal, "code" | "hint">): string {
  return hints[code] ?? asError(hint);
}

/** A refusal as a failure. */
export function refused(refusal: WorkstationRefusal): Failure {
  const { code, message, detail } = refusal;
  const particulars = detail === undefined ? "" : ` (${asError(detail)})`;
  return new Failure(asError(message) + particulars, hintOf(refusal), exitOf[code]);
}

/** A refusal that is one of several, with the path that it is about before it. */
export function refusedAt(path: string, { message, detail = path }: WorkstationRefusal): string {
  const rest = detail.startsWith(`${path}: `) ? detail.slice(path.length + 2) : detail;
  return `${path}: ${asError(message)}${rest === path ? "" : ` (${rest})`}`;
}
