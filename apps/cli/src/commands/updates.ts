// What is posted to workstations: Key-Files to many, how far each update has come, and taking one back.

import { updates, type Posting, type Update } from "@lockstep/api";
import { parseId, updateStates } from "@lockstep/core";
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import type { z } from "zod";

import { oneOf } from "../arguments.ts";
import { wrongUsage } from "../failure.ts";
import type { Invocation, Scope } from "../invocation.ts";
import { counted, momentOf, table } from "../layout.ts";
import { findPeople, findPerson } from "../people.ts";
import { untilEnded } from "../running.ts";
import { loadTeams } from "../team-tree.ts";
import { remark } from "../terminal.ts";
import { findWorkstation } from "../workstation-names.ts";

type Page = z.output<typeof updates.listUpdates.reply>;
type Query = z.input<typeof updates.listUpdates.query>;

const states = [...updateStates, "outstanding"] as const;

interface PostOptions {
  readonly team?: string;
  readonly user?: string[];
}

async function audienceOf(scope: Scope, { team, user }: PostOptions) {
  if (team !== undefined) return { teamId: (await loadTeams(scope)).pick(team).id };
  return user === undefined ? {} : { userIds: (await findPeople(scope, user)).map(({ id }) => id) };
}

export function postingScreen({ users, posted }: Posting): string {
  if (users === 0) return "Nobody requires a Key-File.";
  return `Posted ${counted(posted, "Key-File")} to ${counted(users, "person", "people")}.`;
}

async function postKeyFiles(invocation: Invocation, options: PostOptions): Promise<void> {
  if (options.team !== undefined && options.user !== undefined) {
    throw wrongUsage("--team goes without --user", "leave one of them out; leave out both for everybody");
  }
  const scope = await invocation.organisation();
  const { call, params } = scope;
  const begun = await call(updates.postKeyFiles, { params, body: await audienceOf(scope, options) });
  const ended = await untilEnded(begun, {
    load: () => call(updates.showPosting, { params: { ...params, postingId: begun.id } }),
    progressOf: ({ done, users }) => `${done} of ${counted(users, "person", "people")}`,
  });
  invocation.show(ended, () => postingScreen(ended));
}

interface ListOptions {
  readonly user?: string;
  readonly workstation?: string;
  readonly state?: (typeof states)[number];
  readonly all?: true;
}

function stateWord({ state, outcome, isCancelAsked }: Update): string {
  if (outcome !== null) return `${state}: ${outcome}`;
  const isOutstanding = state === "posted" || state === "fetched";
  return isCancelAsked && isOutstanding ? `${state}, asked back` : state;
}

export function updatesScreen(shown: readonly Update[]): string {
  if (shown.length === 0) return "None.";
  return table(
    ["POSTED", "WHAT", "STATE", "USER", "WORKSTATION", "BY", "ID"],
    shown.map((update) => {
      const { id, kind, version, user, workstation, by, postedAt } = update;
      const what = version === null ? kind : `${kind} ${version}`;
      return [momentOf(postedAt), what, stateWord(update), user.name, workstation.name, by, id];
    }),
  );
}

async function loadUpdates({ call, params }: Scope, filter: Query, isAll: boolean): Promise<Page> {
  const all: Update[] = [];
  for (;;) {
    const last = all.at(-1);
    const query = {
      ...filter,
      ...(isAll ? { limit: 200 } : {}),
      ...(last === undefined ? {} : { after: last.id }),
    };
    const { updates: found, more } = await call(updates.listUpdates, { params, query });
    all.push(...found);
    if (!more || !isAll) return { updates: all, more };
  }
}

async function listUpdates(invocation: Invocation, options: ListOptions): Promise<void> {
  const scope = await invocation.organisation();
  const { user, workstation, state, all } = options;
  const filter = {
    ...(user === undefined ? {} : { user: (await findPerson(scope, user)).id }),
    ...(workstation === undefined ? {} : { workstation: (await findWorkstation(scope, workstation)).id }),
    ...(state === undefined ? {} : { state }),
  };
  const page = await loadUpdates(scope, filter, all === true);
  invocation.show(page, () => updatesScreen(page.updates));
  if (page.more) remark("hint: there are more: --all lists all of them");
}

function updateId(text: string): string {
  try {
    return parseId(text);
  } catch {
    throw new InvalidArgumentError("it is an id, as lockstep updates list shows it");
  }
}

async function cancelUpdate(invocation: Invocation, text: string): Promise<void> {
  const { call, params } = await invocation.organisation();
  const id = parseId<"update">(text);
  const update = await call(updates.cancelUpdate, { params: { ...params, updateId: id } });
  const what = `${update.kind} to ${update.user.name} on ${update.workstation.name}`;
  invocation.show(
    update,
    () =>
      `Asked back: ${what}.\nUnless the workstation has it already, it is cancelled at the next Proxy Sync.`,
  );
}

function addKeyFileCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("key-files")
    .alias("key-file")
    .description("Key-Files: what brings policy and keys to a workstation.");

  noun
    .command("post")
    .description(
      [
        "Posts a Key-File to every workstation that requires one: of the organisation, of a team and those",
        "below it, or of some users. Blocked accounts are passed over.",
      ].join(" "),
    )
    .option("--team <team>", "only in this team and the teams below it")
    .option("--user <user...>", "only to these")
    .action((options: PostOptions) => postKeyFiles(invocation, options));
}

export function addUpdateCommands(program: Command, invocation: Invocation): void {
  addKeyFileCommands(program, invocation);

  const noun = program
    .command("updates")
    .alias("update")
    .description("Updates: whatever is posted to workstations, and how far each has come.");

  noun
    .command("list")
    .description("Updates, newest first: the first 50, or all of them.")
    .option("--user <user>", "only of this user")
    .option("--workstation <workstation>", "only to this workstation")
    .option("--state <state>", `only in this state: ${states.join(", ")}`, oneOf(states))
    .option("--all", "all of them, however many there are")
    .action((options: ListOptions) => listUpdates(invocation, options));

  noun
    .command("cancel")
    .description("Asks for an update back. It is cancelled unless the workstation has fetched it.")
    .argument("<id>", "as lockstep updates list shows it", updateId)
    .action((text: string) => cancelUpdate(invocation, text));
}
