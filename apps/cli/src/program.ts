// The whole command line: every command, what all of them take, and how mistakes in typing are answered.

import type { CommanderError } from "commander";
import { Command } from "commander";

import { addAccountBatchCommands } from "./commands/account-batches.ts";
import { addAccountRuleCommands } from "./commands/account-rules.ts";
import { addAuditCommands } from "./commands/audit.ts";
import { addBrowserCommands } from "./commands/browsers.ts";
import { addAuthorityCommands, addDeletionCommands } from "./commands/deletions.ts";
import { addDirectoryCommands } from "./commands/directories.ts";
import { addForecastCommand } from "./commands/forecast.ts";
import { addInactivityCommands } from "./commands/inactivity.ts";
import { addKeyCommands } from "./commands/keys.ts";
import { addLicenceCommands } from "./commands/licences.ts";
import { addMailTemplateCommands } from "./commands/mail-templates.ts";
import { addMailCommands, addMailServerCommands } from "./commands/mails.ts";
import { addOrganisationCommands } from "./commands/organisations.ts";
import { addRoleCommands } from "./commands/roles.ts";
import { addRootCommands } from "./commands/roots.ts";
import { addSessionCommands } from "./commands/session.ts";
import { addSettingCommands } from "./commands/settings.ts";
import { addSingleSignOnCommands } from "./commands/single-sign-on.ts";
import { addSyncCommand } from "./commands/sync.ts";
import { addTeamCommands } from "./commands/teams.ts";
import { addTokenCommands } from "./commands/tokens.ts";
import { addUpdateCommands } from "./commands/updates.ts";
import { addUserCommands } from "./commands/users.ts";
import { addWorkstationTeamCommands } from "./commands/workstation-teams.ts";
import { addWorkstationCommands } from "./commands/workstations.ts";
import { exitCodes } from "./exit-codes.ts";
import { wrongUsage, type Failure } from "./failure.ts";
import { Invocation, type Options } from "./invocation.ts";
import { asError } from "./refusals.ts";
import { columns } from "./terminal.ts";

const after = `
Exit codes:
  ${exitCodes.fine}  done
  ${exitCodes.failed}  refused, or failed
  ${exitCodes.wrongUsage}  the command cannot be understood
  ${exitCodes.notAllowed}  nobody is signed in, or the role does not allow it
  ${exitCodes.unreachable}  the server cannot be reached
  ${exitCodes.rowsSkipped}  an import skipped rows`;

export function programFor(environment: NodeJS.ProcessEnv): Command {
  const program = new Command("lockstep");
  const invocation = new Invocation(environment, () => program.opts<Options>());
  program
    .description(
      "Who may work, on which machine, with which keys — and if not, why not and what to do about it.",
    )
    .option("--json", "print the server's reply, as one JSON document")
    .option("--server <url>", "another server than the one signed in to; also LOCKSTEP_SERVER")
    .option("--organisation <name>", "may be left out if there is only one")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
      // A mistake is printed once, in the house's form, by whoever runs the program.
      outputError: () => undefined,
    })
    .exitOverride()
    .addHelpText("after", after);
  addSessionCommands(program, invocation);
  addUserCommands(program, invocation);
  addAccountBatchCommands(program, invocation);
  addAccountRuleCommands(program, invocation);
  addRoleCommands(program, invocation);
  addInactivityCommands(program, invocation);
  addForecastCommand(program, invocation);
  addTeamCommands(program, invocation);
  addDirectoryCommands(program, invocation);
  addSingleSignOnCommands(program, invocation);
  addLicenceCommands(program, invocation);
  addKeyCommands(program, invocation);
  addUpdateCommands(program, invocation);
  addWorkstationCommands(program, invocation);
  addWorkstationTeamCommands(program, invocation);
  addSyncCommand(program, invocation);
  addOrganisationCommands(program, invocation);
  addAuthorityCommands(program, invocation);
  addDeletionCommands(program, invocation);
  addRootCommands(program, invocation);
  addMailServerCommands(program, invocation);
  addMailTemplateCommands(program, invocation);
  addMailCommands(program, invocation);
  addBrowserCommands(program, invocation);
  addTokenCommands(program, invocation);
  addSettingCommands(program, invocation);
  addAuditCommands(program, invocation);
  return program;
}

/** The words of the command that was meant, as far as they name one. */
function commandNamed(program: Command, words: readonly string[]): string {
  let command = program;
  const names = [program.name()];
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (next === undefined) continue;
    command = next;
    names.push(word);
  }
  return names.join(" ");
}

/** Null if help was asked for and has been printed. */
export function mistyped(error: CommanderError, program: Command, words: readonly string[]): Failure | null {
  if (error.exitCode === 0) return null;
  // Of a noun without a verb commander prints the help, and says nothing else.
  if (error.code === "commander.help") return wrongUsage("no command was named", "one of those above");
  const [first = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const hint = suggestion?.replace(/[()]/g, "") ?? `${commandNamed(program, words)} --help`;
  return wrongUsage(asError(first).join("; "), asError(hint).join("; "));
}
