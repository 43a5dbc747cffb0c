// The whole command line: every command, what all of them take, and how mistakes in typing are answered.

import type { CommanderError } from "commander";
import { Command } from "commander";

import { profileName } from "./arguments.ts";
import { addActivationCommand } from "./commands/activation.ts";
import { addFileCommands } from "./commands/files.ts";
import { addSessionCommands } from "./commands/session.ts";
import { addStatusCommand } from "./commands/status.ts";
import { addSyncCommands } from "./commands/sync.ts";
import { exitCodes } from "./exit-codes.ts";
import { wrongUsage, type Failure } from "./failure.ts";
import { Invocation, version, type Options } from "./invocation.ts";
import { asError } from "./refusals.ts";
import { columns } from "./terminal.ts";

const after = `
Exit codes:
  ${exitCodes.fine}  done
  ${exitCodes.failed}  refused, or failed
  ${exitCodes.wrongUsage}  the command cannot be understood
  ${exitCodes.notAllowed}  password, policy, licence or organisation do not allow it
  ${exitCodes.unreachable}  the relay cannot be reached, or refuses
  ${exitCodes.someLeft}  some files were left as they were
  ${exitCodes.pending}  the server has not answered yet
  ${exitCodes.notActivated}  not activated, or no longer
  ${exitCodes.stopped}  stopped with Ctrl-C or a signal`;

export function programFor(environment: NodeJS.ProcessEnv): Command {
  const program = new Command("lockstep-client");
  const invocation = new Invocation(environment, () => program.opts<Options>());
  program
    .description("A workstation's Key-File: activate, sync, and encrypt files to your team's keys.")
    .option("--json", "print one JSON document instead of a screen; watch prints one a line")
    .option("--profile <name>", "one for each organisation on this machine", profileName, "default")
    .version(version(), "--version", "print the version")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
      // A mistake is printed once, in the house's form, by whoever runs the program.
      outputError: () => undefined,
    })
    .exitOverride()
    .addHelpText("after", after);
  addActivationCommand(program, invocation);
  addSessionCommands(program, invocation);
  addSyncCommands(program, invocation);
  addStatusCommand(program, invocation);
  addFileCommands(program, invocation);
  return program;
}

/** Null if help or the version was asked for and has been printed. */
export function mistyped(error: CommanderError, program: Command, words: readonly string[]): Failure | null {
  if (error.exitCode === 0) return null;
  // Of no command at all commander prints the help, and says nothing else.
  if (error.code === "commander.help") return wrongUsage("no command was named", "one of those above");
  const named = program.commands.find((each) => words.includes(each.name()));
  const [first = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  // What is one too many may be a password, and is not repeated.
  const sentence = error.code === "commander.excessArguments" ? (first.split(". ")[0] ?? "") : first;
  const command = named === undefined ? program.name() : `${program.name()} ${named.name()}`;
  return wrongUsage(asError(sentence), asError(suggestion?.replace(/[()]/g, "") ?? `${command} --help`));
}
