// The administrators' command line: parse, run, say what went wrong, end with a code that scripts can read.

import { ProblemError } from "@lockstep/api";
import { CommanderError } from "commander";

import { exitCodes } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { mistyped, programFor } from "./program.ts";
import { withoutTokens } from "./profile.ts";
import { refused } from "./refusals.ts";
import { remark } from "./terminal.ts";

const program = programFor(process.env);
const words = process.argv.slice(2);

/** Null if nothing went wrong. Whatever is not foreseen here is a bug, and shows itself as one. */
function failureOf(error: unknown): Failure | null {
  if (error instanceof Failure) return error;
  if (error instanceof ProblemError) return refused(error);
  if (error instanceof CommanderError) return mistyped(error, program, words);
  throw error;
}

// Whoever reads the output may stop early, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(exitCodes.fine);
});

const folder = process.env["LOCKSTEP_FOLDER"];
if (folder !== undefined) process.chdir(folder);

try {
  await program.parseAsync(words, { from: "user" });
} catch (error) {
  const failure = failureOf(error);
  if (failure !== null) {
    remark(withoutTokens(`error: ${failure.message}\nhint: ${failure.hint}`));
    process.exitCode = failure.exitCode;
  }
}
