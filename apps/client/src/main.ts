// A workstation's command line: parse, run, say what went wrong, end with a code that scripts can read.

import { WorkstationRefusal } from "@lockstep/workstation";
import { CommanderError } from "commander";

import { parseEnvironment } from "./environment.ts";
import { exitCodes } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { paragraph } from "./layout.ts";
import { mistyped, programFor } from "./program.ts";
import { refused } from "./refusals.ts";
import { remark } from "./terminal.ts";

const program = programFor(process.env);
const words = process.argv.slice(2);

/** Null if nothing went wrong. Whatever is not foreseen here is a bug, and shows itself as one. */
function failureOf(error: unknown): Failure | null {
  if (error instanceof Failure) return error;
  if (error instanceof WorkstationRefusal) return refused(error);
  if (error instanceof CommanderError) return mistyped(error, program, words);
  throw error;
}

// Whoever reads the output may stop early, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(exitCodes.fine);
});

try {
  const { calledFrom } = parseEnvironment(process.env);
  if (calledFrom !== null) process.chdir(calledFrom);
  await program.parseAsync(words, { from: "user" });
} catch (error) {
  const failure = failureOf(error);
  if (failure !== null) {
    remark(`${paragraph("error: ", failure.message)}\n${paragraph("hint: ", failure.hint)}`);
    process.exitCode = failure.exitCode;
  }
}
