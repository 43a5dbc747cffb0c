// Directories that people are imported from: how each is reached and read, and what a test of one finds.

import { directories, type Directory } from "@lockstep/api";
import { readFileSync } from "node:fs";
import { Option, type Command } from "commander";
import type { z } from "zod";

import { wholeNumber } from "../arguments.ts";
import { directoryArgument, findDirectory } from "../directory-names.ts";
import { Failure, wrongUsage } from "../failure.ts";
import type { Invocation, Scope } from "../invocation.ts";
import { counted, momentOf, fields, paragraph, table } from "../layout.ts";
import { loadTeams } from "../team-tree.ts";
import { askSecret } from "../terminal.ts";
import { addDirectoryPeopleCommands } from "./directory-people.ts";
import { addDirectoryRunCommands } from "./directory-runs.ts";

type Changed = z.input<typeof directories.editDirectory.body>;
type Tested = z.output<typeof directories.testDirectory.reply>;

const modeWords: Record<Directory["mode"], string> = {
  manual: "whom you choose",
  team: "everybody, to one team",
  units: "everybody, to teams as the units are",
};

function stateOf({ isOn, failure }: Directory): string {
  if (failure !== null) return "cannot be read";
  return isOn ? "read by time" : "read when asked";
}

function listScreen(all: readonly Directory[]): string {
  if (all.length === 0) return "No directories.";
  const rows = all.map((directory) => [
    directory.name,
    directory.kind,
    directory.host,
    directory.linked,
    directory.missing,
    stateOf(directory),
  ]);
  return table(["DIRECTORY", "KIND", "HOST", "LINKED", "GONE", "STATE"], rows);
}

function directoryScreen(directory: Directory): string {
  const { failure, failingSince, nextRunAt } = directory;
  const shown = fields([
    ["name", directory.name],
    ["kind", directory.kind],
    ["address", `${directory.security}, ${directory.host}:${directory.port}`],
    ["reads as", directory.bindName],
    ["base", directory.base],
    ["filter", directory.filter],
    ["imports", modeWords[directory.mode]],
    [
      "read",
      `changes every ${counted(directory.intervalMinutes, "minute")}, all every ${counted(directory.fullHours, "hour")}`,
    ],
    ["guard", `more than ${directory.guardLeast} and ${directory.guardPercent} % at once must be confirmed`],
    ["linked", `${directory.linked}, and ${directory.missing} who are gone`],
    [
      "signing in",
      directory.signsIn ? "with the password there, but for those who hold a role" : "not by it",
    ],
    ["next", nextRunAt === null ? "when asked" : momentOf(nextRunAt)],
  ]);
  if (failure === null) return shown;
  const since = `since ${momentOf(failingSince ?? "")}`;
  return [shown, "", paragraph("", `${failure.sentence} ${failure.remedy} (${since})`)].join("\n");
}

function testScreen({ failure, server, found, hasMore, counts, rows }: Tested): string {
  const lines = [
    `${server ?? "No directory"}: ${counted(found, "entry", "entries")}${hasMore ? ", and more" : ""}.`,
  ];
  if (failure !== null) lines.push(paragraph("", `${failure.sentence} ${failure.remedy}`));
  for (const [code, count] of Object.entries(counts)) lines.push(`${String(count).padStart(6)}  ${code}`);
  const skipped = rows.filter(({ action }) => action === "skip");
  for (const { name, username, meaning, remedy } of skipped) {
    lines.push("", paragraph("", `${name} (${username ?? "no username"}): ${meaning} ${remedy}`));
  }
  return lines.join("\n");
}

interface SettingOptions {
  readonly name?: string;
  readonly kind?: Directory["kind"];
  readonly host?: string;
  readonly port?: number;
  readonly startTls?: true;
  readonly ldaps?: true;
  readonly certificates?: string;
  readonly bindName?: string;
  readonly base?: string;
  readonly filter?: string;
  readonly mode?: Directory["mode"];
  readonly team?: string;
  readonly follow?: boolean;
  readonly every?: number;
  readonly fullEvery?: number;
  readonly guardLeast?: number;
  readonly guardPercent?: number;
  readonly off?: true;
  readonly on?: true;
  readonly signIn?: boolean;
  readonly password?: true;
}

function certificatesIn(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new Failure(`${file} cannot be read`, "is the name right, and may you read it?");
  }
}

/** What was typed, as the server takes it. */
async function settingsOf(scope: Scope, options: SettingOptions): Promise<Changed> {
  const { certificates, team, startTls, ldaps, off, on } = options;
  const given = {
    name: options.name,
    kind: options.kind,
    host: options.host,
    port: options.port,
    security: startTls === true ? ("starttls" as const) : ldaps === true ? ("ldaps" as const) : undefined,
    certificates: certificates === undefined ? undefined : certificatesIn(certificates),
    bindName: options.bindName,
    base: options.base,
    filter: options.filter,
    mode: options.mode,
    teamId: team === undefined ? undefined : (await loadTeams(scope)).pick(team).id,
    follows: options.follow,
    intervalMinutes: options.every,
    fullHours: options.fullEvery,
    guardLeast: options.guardLeast,
    guardPercent: options.guardPercent,
    isOn: off === true ? false : on,
    signsIn: options.signIn,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const askPassword = (bindName: string) => askSecret(`password of ${bindName}`);

async function addDirectory(invocation: Invocation, options: SettingOptions): Promise<void> {
  const scope = await invocation.organisation();
  const settings = await settingsOf(scope, options);
  const { name, kind, host, bindName, base, security = "ldaps" } = settings;
  if (
    name === undefined ||
    kind === undefined ||
    host === undefined ||
    bindName === undefined ||
    base === undefined
  ) {
    throw wrongUsage("a directory needs more", "--name, --kind, --host, --bind-name and --base");
  }
  const body = {
    ...settings,
    name,
    kind,
    host,
    bindName,
    base,
    security,
    password: await askPassword(bindName),
  };
  const directory = await scope.call(directories.createDirectory, { params: scope.params, body });
  invocation.show(
    directory,
    () => `Added ${directory.name}. Try it: lockstep directories test ${directory.name}`,
  );
}

async function editDirectory(invocation: Invocation, named: string, options: SettingOptions): Promise<void> {
  const scope = await invocation.organisation();
  const { directory, params } = await findDirectory(scope, named);
  const settings = await settingsOf(scope, options);
  const password = options.password === true ? { password: await askPassword(directory.bindName) } : {};
  const body = { ...settings, ...password };
  if (Object.keys(body).length === 0)
    throw wrongUsage("nothing to change was named", "directories edit --help");
  const match = directory.revision;
  const edited = await scope.call(directories.editDirectory, { params, match, body });
  invocation.show(edited, () => directoryScreen(edited));
}

function withSettings(command: Command): Command {
  return command
    .option("--name <name>", "what it is called here")
    .addOption(new Option("--kind <kind>", "what it is").choices([...directories.directoryKinds]))
    .option("--host <host>", "the name or the address of the directory")
    .option("--port <number>", "636 with ldaps, else 389", wholeNumber)
    .option("--ldaps", "TLS from the start; the usual")
    .option("--start-tls", "TLS before anything else is said")
    .option("--certificates <file>", "authorities to trust beside those of the server's system, as PEM")
    .option("--bind-name <name>", "the account that reads; its password is asked for without showing it")
    .option("--base <dn>", "below which entry people are")
    .option("--filter <filter>", "who is a person")
    .addOption(
      new Option("--mode <mode>", "who is imported, and where to").choices([...directories.directoryModes]),
    )
    .option("--team <team>", "where people, or the units' teams, go")
    .option("--follow", "people change teams when they change units")
    .option("--no-follow", "people stay in their teams")
    .option("--every <minutes>", "how often changes are asked for", wholeNumber)
    .option("--full-every <hours>", "how often everything is read", wholeNumber)
    .option("--guard-least <number>", "so many may vanish at once", wholeNumber)
    .option("--guard-percent <number>", "so many of a hundred may vanish at once", wholeNumber)
    .option("--on", "read by time")
    .option("--off", "read only when asked")
    .option("--sign-in", "who is linked to it, and holds no role, signs in with the password there")
    .option("--no-sign-in", "everybody signs in with the own password");
}

function addSettingCommands(noun: Command, invocation: Invocation): void {
  noun
    .command("list")
    .description("Every directory, and whether it can be read.")
    .action(async () => {
      const { call, params } = await invocation.organisation();
      const reply = await call(directories.listDirectories, { params });
      invocation.show(reply, () => listScreen(reply.directories));
    });
  noun
    .command("show")
    .description("How one directory is reached and read.")
    .argument(...directoryArgument)
    .action(async (named: string) => {
      const { directory } = await findDirectory(await invocation.organisation(), named);
      invocation.show(directory, () => directoryScreen(directory));
    });
  withSettings(noun.command("add").description("Adds a directory. Nothing is read by it.")).action(
    (options: SettingOptions) => addDirectory(invocation, options),
  );
  withSettings(noun.command("edit").description("Changes what is named and leaves the rest."))
    .argument(...directoryArgument)
    .option("--password", "asks for the password of the account that reads")
    .action((named: string, options: SettingOptions) => editDirectory(invocation, named, options));
  noun
    .command("remove")
    .description("Forgets a directory. Everybody who came from it stays, unlinked.")
    .argument(...directoryArgument)
    .action(async (named: string) => {
      const scope = await invocation.organisation();
      const { directory, params } = await findDirectory(scope, named);
      const reply = await scope.call(directories.removeDirectory, { params });
      invocation.show(
        reply,
        () => `Forgot ${directory.name}; ${counted(reply.unlinked, "user")} stay, unlinked.`,
      );
    });
}

export function addDirectoryCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("directories")
    .alias("directory")
    .description("Active Directory and LDAP: where people are imported from.");
  addSettingCommands(noun, invocation);
  noun
    .command("test")
    .description("Connects, looks at the first entries, and says what would become of them. Changes nothing.")
    .argument(...directoryArgument)
    .action(async (named: string) => {
      const scope = await invocation.organisation();
      const { directory } = await findDirectory(scope, named);
      const body = { directoryId: directory.id, settings: {} };
      const reply = await scope.call(directories.testDirectory, { params: scope.params, body });
      invocation.show(reply, () => testScreen(reply));
    });
  addDirectoryRunCommands(noun, invocation);
  addDirectoryPeopleCommands(noun, invocation);
}
