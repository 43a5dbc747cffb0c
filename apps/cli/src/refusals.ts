// What the server's refusals are called on the command line: its sentence, and the command to type next.

import type { ProblemError } from "@lockstep/api";
import { type RefusalCode } from "@lockstep/api";

import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { Failure } from "./failure.ts";

const hints: Partial<Record<RefusalCode, string>> = {
  sign_in_required: "the token ended or was never one: lockstep sign-in URL",
  permission_denied: "your roles: lockstep whoami",
  token_only_reads: "another one: lockstep token make NAME",
  token_outlives_own: "for fewer days: lockstep token make NAME --days NUMBER",
  revision_changed: "nothing was changed; look at it again, then repeat the command",
  username_taken: "choose another one with --username",
  name_taken: "choose another name",
  seats_exhausted:
    "free seats: lockstep licences list; more seats: lockstep licences edit LICENCE --seats NUMBER",
  seats_taken: "take seats back first: lockstep licences return USER",
  licence_suspended: "lockstep licences resume LICENCE",
  licence_not_valid:
    "another licence: lockstep licences list; another last day: lockstep licences edit LICENCE --until DAY",
  licence_dates_invalid: "days are written as 2027-03-31; without --until a licence must be --term perpetual",
  team_not_empty:
    "its people: lockstep users list --team TEAM; move them: lockstep users move USER --team OTHER",
  team_revision_not_found: "lockstep teams revisions TEAM",
  account_none:
    "an account: lockstep user invite USER; else the workstations: lockstep user command USER lock",
  account_shut_out: "how it stands: lockstep user account USER",
  role_misplaced: "where it holds: lockstep roles --help",
  account_exists: "another mail: lockstep user resend-invitation USER",
  account_not_pending: "how it stands: lockstep user account USER",
  email_missing: "lockstep user edit USER --email ADDRESS",
  mail_server_missing: "lockstep mail-server set",
  mail_placeholder_unknown: "what there is: lockstep mail-templates show KIND --placeholders",
  mail_placeholder_missing: "what it must name: lockstep mail-templates show KIND --placeholders",
  mail_password_required: "the password on standard input, and --user NAME",
  mail_not_waiting: "another one: lockstep user resend-invitation USER",
  mail_server_set: "how they come along: lockstep mails list",
  deletion_not_requested: "who has asked: lockstep deletions requests",
  name_differs: "the exact name, with capitals and spaces, after --confirm",
  office_goes_with_authority: "lockstep authorities delete AUTHORITY",
  administers_elsewhere: "who it is: the same command without --confirm",
  recipient_invalid: "age-keygen makes one: it begins with age1",
  single_sign_on_secret_required: "the secret on standard input, and --secret",
  second_factor_missing: "how the user signs in: lockstep user sign-in-ways USER",
  account_not_blocked: "how it stands: lockstep user account USER",
  block_ends_in_the_past: "--until a later day, or leave it out",
  inactivity_differs: "how many now: lockstep inactivity show",
  user_blocked: "lockstep user unblock USER",
  user_not_active: "an activation code lets somebody activate: lockstep user activate USER",
  workstation_not_found: "all of them: lockstep workstations list",
  update_not_found: "all of them: lockstep updates list",
  update_ended: "nothing is left to cancel; post the opposite, or a Key-File after the change was reverted",
  workstation_lost: "what it was sent: lockstep workstation exposure WORKSTATION",
  relay_missing: "docs/operating.md says how to connect one",
  relay_unreachable: "what is due is kept; when it last went well: lockstep sync --show",
  csv_header_invalid:
    "its first row must name the columns: name, and username or email; --help says what else",
  body_too_large: "take a part of it at a time",
  database_unavailable: "nothing was changed; repeat the command in a minute",
};

const exitsByStatus: Readonly<Record<number, ExitCode>> = {
  401: exitCodes.notAllowed,
  403: exitCodes.notAllowed,
  503: exitCodes.unreachable,
};

function uncapitalised(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** Sentences as the house prints an error: lower case, no full stop at the end. */
export function asError(sentences: string): string[] {
  return sentences
    .trim()
    .split(/\.(?:\s+|$)/)
    .filter((sentence) => sentence !== "")
    .map(uncapitalised);
}

/** A refusal as a failure. Of a code that has no hint here, what follows the first sentence is the hint. */
export function refused(problem: ProblemError): Failure {
  const exitCode = exitsByStatus[problem.status] ?? exitCodes.failed;
  const sentences = asError(problem.message);
  const particulars = problem.detail === undefined ? "" : ` (${asError(problem.detail).join("; ")})`;
  const hint = hints[problem.code as RefusalCode];
  if (hint !== undefined) return new Failure(sentences.join("; ") + particulars, hint, exitCode);
  const [first = "the server refused this", ...rest] = sentences;
  const advice = rest.length > 0 ? rest.join("; ") : `docs/refusals.md explains ${problem.code}`;
  return new Failure(first + particulars, advice, exitCode);
}
