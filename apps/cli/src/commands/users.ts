// People: the list with its filters, one of them with the reasons, and what is done to them.

import { standings, users, type UserRow } from "@lockstep/api";
import type { Command } from "commander";

import { wrongUsage } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { counted, table } from "../layout.ts";
import { findPeople, findPerson, loadEverybody, loadPage, userArgument } from "../people.ts";
import { filterOf, withFilter, type FilterOptions } from "../people-filter.ts";
import { accountWord, encryptionWord } from "../statuses.ts";
import { loadTeams } from "../team-tree.ts";
import { remark } from "../terminal.ts";
import { addAccountCommands } from "./accounts.ts";
import { addActivationCommands } from "./activations.ts";
import { addVerdictCommand } from "./forecast.ts";
import { addImportCommand } from "./imports.ts";
import { addExemptionCommands } from "./inactivity.ts";
import { addInvitationCommands } from "./invitations.ts";
import { addExportCommand } from "./people-export.ts";
import { addSignInWayCommands } from "./single-sign-on.ts";
import { addTimelineCommand } from "./timeline.ts";
import { standingScreen } from "./standing.ts";
import { addHoldingsCommand, addUserGroupsCommand } from "./user-keys.ts";

interface ListOptions extends FilterOptions {
  readonly all?: true;
}

function listScreen(rows: readonly UserRow[]): string {
  if (rows.length === 0) return "Nobody.";
  return table(
    ["NAME", "USERNAME", "TEAM", "STATUS", "ACCOUNT"],
    rows.map(({ name, username, team, encryption, account }) => [
      name,
      username,
      team,
      account === "deleted" ? null : encryptionWord(encryption),
      accountWord(account),
    ]),
  );
}

async function listUsers(invocation: Invocation, options: ListOptions): Promise<void> {
  const scope = await invocation.organisation();
  const filter = await filterOf(scope, options);
  const page = options.all ? await loadEverybody(scope, filter) : await loadPage(scope, filter);
  invocation.show(page, () => listScreen(page.users));
  if (page.next !== null) remark("hint: there are more: --all lists everybody");
}

async function showUser(invocation: Invocation, text: string): Promise<void> {
  const scope = await invocation.organisation();
  const { id: userId } = await findPerson(scope, text);
  const standing = await scope.call(standings.showStanding, { params: { ...scope.params, userId } });
  invocation.show(standing, () => standingScreen(standing));
}

interface AddOptions {
  readonly username: string;
  readonly email?: string;
  readonly team?: string;
}

async function addUser(invocation: Invocation, name: string, options: AddOptions): Promise<void> {
  const scope = await invocation.organisation();
  const { username, email = null } = options;
  const tree = await loadTeams(scope);
  const team = options.team === undefined ? {} : { teamId: tree.pick(options.team).id };
  const body = { name, username, email, ...team };
  const user = await scope.call(users.addUser, { params: scope.params, body });
  invocation.show(user, () => `Added ${user.name} (${user.username}) to ${tree.nameOf(user.teamId)}.`);
}

async function editUser(
  invocation: Invocation,
  text: string,
  body: { name?: string; email?: string },
): Promise<void> {
  if (body.name === undefined && body.email === undefined) {
    throw wrongUsage("nothing to change was named", "--name NAME, --email ADDRESS or both");
  }
  const scope = await invocation.organisation();
  const params = { ...scope.params, userId: (await findPerson(scope, text)).id };
  const { revision: match } = await scope.call(users.showUser, { params });
  const email = body.email === "" ? { email: null } : {};
  const user = await scope.call(users.editUser, { params, match, body: { ...body, ...email } });
  invocation.show(user, () => `Changed ${user.username}: ${user.name}, ${user.email ?? "no mail address"}.`);
}

async function moveUsers(invocation: Invocation, texts: readonly string[], named: string): Promise<void> {
  const scope = await invocation.organisation();
  const team = (await loadTeams(scope)).pick(named);
  const people = await findPeople(scope, texts);
  const body = { userIds: people.map(({ id }) => id), teamId: team.id };
  const reply = await scope.call(users.moveUsers, { params: scope.params, body });
  const moved = counted(reply.moved, "person", "people");
  invocation.show(reply, () => `Moved ${moved} to ${team.name}.`);
}

async function removeUser(invocation: Invocation, text: string): Promise<void> {
  const scope = await invocation.organisation();
  const { id: userId, name, username } = await findPerson(scope, text);
  const reply = await scope.call(users.removeUser, { params: { ...scope.params, userId } });
  invocation.show(reply, () => `Removed ${name} (${username}).`);
}

function addReadingCommands(noun: Command, invocation: Invocation): void {
  withFilter(
    noun
      .command("list")
      .description("People by name, with their two statuses: the first 50, or all of them."),
  )
    .option("--all", "everybody, however many there are")
    .addHelpText("after", "\nExample:\n  lockstep users list --status update-required --team Finance")
    .action((options: ListOptions) => listUsers(invocation, options));

  noun
    .command("show")
    .description("One user: which status, why, since when, and what to do next.")
    .argument(...userArgument)
    .action((text: string) => showUser(invocation, text));
}

function addWritingCommands(noun: Command, invocation: Invocation): void {
  noun
    .command("add")
    .description("Adds a person, without a licence and without an account.")
    .argument("<name>")
    .requiredOption("--username <username>", "unique, never changed and never given again")
    .option("--email <address>", "a mail address; several people may share one")
    .option("--team <team>", "the root team if left out")
    .addHelpText(
      "after",
      '\nExample:\n  lockstep user add "Finn Aalto" --username finn@example.org --team Pilots',
    )
    .action((name: string, options: AddOptions) => addUser(invocation, name, options));

  noun
    .command("edit")
    .description("Changes the name or the mail address of a person. The username never changes.")
    .argument(...userArgument)
    .option("--name <name>", "another name")
    .option("--email <address>", 'another mail address; "" for none')
    .action((text: string, options: { name?: string; email?: string }) =>
      editUser(invocation, text, options),
    );

  noun
    .command("move")
    .description("Moves people to a team. What they should hold is then that team's.")
    .argument("<user...>")
    .requiredOption("--team <team>", "where they go")
    .addHelpText("after", "\nWhat that adds and takes away: lockstep team compare TEAM OTHER")
    .action((texts: string[], { team }: { team: string }) => moveUsers(invocation, texts, team));

  noun
    .command("remove")
    .description(
      [
        "Removes a user: the seat goes back, own keys and the directory link are dropped, and every",
        "workstation is posted a wipe. Who has an account keeps it.",
      ].join(" "),
    )
    .argument(...userArgument)
    .action((text: string) => removeUser(invocation, text));
}

export function addUserCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("users")
    .alias("user")
    .description("People: who is in which status and why, and what is done to them.");
  addReadingCommands(noun, invocation);
  addHoldingsCommand(noun, invocation);
  addWritingCommands(noun, invocation);
  addUserGroupsCommand(noun, invocation);
  addTimelineCommand(noun, invocation);
  addAccountCommands(noun, invocation);
  addInvitationCommands(noun, invocation);
  addSignInWayCommands(noun, invocation);
  addExemptionCommands(noun, invocation);
  addVerdictCommand(noun, invocation);
  addActivationCommands(noun, invocation);
  addImportCommand(noun, invocation);
  addExportCommand(noun, invocation);
}
