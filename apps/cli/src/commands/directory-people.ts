// Who was seen in a directory: who is imported, linked, left alone, unlinked, removed.

import { directoryEntries, type DirectoryEntry } from "@lockstep/api";
import { isId, type Id } from "@lockstep/core";
import { InvalidArgumentError, Option, type Command } from "commander";

import { directoryArgument, findDirectory, untilDecided } from "../directory-names.ts";
import type { Invocation } from "../invocation.ts";
import { counted, table } from "../layout.ts";
import { findPeople, findPerson, userArgument } from "../people.ts";
import { loadTeams } from "../team-tree.ts";
import { showRun } from "./directory-runs.ts";

const states = ["unlinked", "linked", "ignored"] as const;
type State = (typeof states)[number];
type ObjectId = Id<"directory-object">;

function objectId(text: string): ObjectId {
  if (isId(text)) return text as ObjectId;
  throw new InvalidArgumentError("it is no id; lockstep directories people shows them");
}

const collected = (text: string, before: readonly ObjectId[] = []): ObjectId[] => [...before, objectId(text)];

function peopleScreen(entries: readonly DirectoryEntry[], hasMore: boolean): string {
  if (entries.length === 0) return "Nobody.";
  const rows = entries.map(({ objectId: id, name, username, state, isGone, isDisabled }) => [
    id,
    name,
    username ?? "-",
    [state, ...(isGone ? ["gone"] : []), ...(isDisabled ? ["disabled there"] : [])].join(", "),
  ]);
  return [
    table(["ID", "NAME", "USERNAME", "STATE"], rows),
    ...(hasMore ? ["", "There are more; look by --search."] : []),
  ].join("\n");
}

interface PeopleOptions {
  readonly state?: State;
  readonly search?: string;
}

async function listPeople(invocation: Invocation, named: string, options: PeopleOptions): Promise<void> {
  const scope = await invocation.organisation();
  const { params } = await findDirectory(scope, named);
  const reply = await scope.call(directoryEntries.listDirectoryEntries, {
    params,
    query: { ...options, limit: 1000 },
  });
  invocation.show(reply, () => peopleScreen(reply.entries, reply.next !== null));
}

async function importPeople(
  invocation: Invocation,
  named: string,
  { ids, team }: { ids: readonly ObjectId[]; team: string | undefined },
): Promise<void> {
  const scope = await invocation.organisation();
  const place = await findDirectory(scope, named);
  const body = {
    ...(ids.length === 0 ? {} : { objectIds: [...ids] }),
    ...(team === undefined ? {} : { teamId: (await loadTeams(scope)).pick(team).id }),
  };
  const begun = await scope.call(directoryEntries.importEntries, { params: place.params, body });
  showRun(invocation, await untilDecided(scope, place, begun));
}

function addChoosing(noun: Command, invocation: Invocation): void {
  noun
    .command("people")
    .description("Everybody who was seen in a directory, with the ids that other commands take.")
    .argument(...directoryArgument)
    .addOption(new Option("--state <state>", "only these").choices([...states]))
    .option("--search <text>", "the beginning of a name or username")
    .action((named: string, options: PeopleOptions) => listPeople(invocation, named, options));
  noun
    .command("import")
    .description("Imports people of a directory: those of the ids, or everybody who is not linked yet.")
    .argument(...directoryArgument)
    .argument("[ids...]", "their ids in the directory", collected)
    .option("--team <team>", "where they go")
    .action((named: string, ids: readonly ObjectId[] | undefined, { team }: { team?: string }) =>
      importPeople(invocation, named, { ids: ids ?? [], team }),
    );
  noun
    .command("link")
    .description("Says that somebody in a directory is a user who is here. Nobody is linked by name or mail.")
    .argument(...directoryArgument)
    .argument("<id>", "the id in the directory", objectId)
    .argument(...userArgument)
    .action(async (named: string, id: ObjectId, user: string) => {
      const scope = await invocation.organisation();
      const place = await findDirectory(scope, named);
      const body = { userId: (await findPerson(scope, user)).id };
      const params = { ...place.params, objectId: id };
      const begun = await scope.call(directoryEntries.linkEntry, { params, body });
      showRun(invocation, await untilDecided(scope, place, begun));
    });
}

function addIgnoring(noun: Command, invocation: Invocation): void {
  noun
    .command("ignore")
    .description("Leaves people in a directory alone: they are not imported, nor linked again.")
    .argument(...directoryArgument)
    .argument("<ids...>", "their ids in the directory", collected)
    .action(async (named: string, objectIds: ObjectId[]) => {
      const scope = await invocation.organisation();
      const { params } = await findDirectory(scope, named);
      const reply = await scope.call(directoryEntries.ignoreEntries, { params, body: { objectIds } });
      invocation.show(reply, () => `Left alone: ${reply.ignored}.`);
    });
  noun
    .command("unignore")
    .description("Ignores people no longer; the next run links or imports them.")
    .argument(...directoryArgument)
    .argument("<ids...>", "their ids in the directory", collected)
    .action(async (named: string, objectIds: ObjectId[]) => {
      const scope = await invocation.organisation();
      const { params } = await findDirectory(scope, named);
      const reply = await scope.call(directoryEntries.unignoreEntries, { params, body: { objectIds } });
      invocation.show(reply, () => `Left alone no longer: ${reply.unignored}.`);
    });
}

export function addDirectoryPeopleCommands(noun: Command, invocation: Invocation): void {
  addChoosing(noun, invocation);
  addIgnoring(noun, invocation);
  noun
    .command("unlink")
    .description("Unlinks users from their directory: they keep everything.")
    .argument("<users...>", userArgument[1])
    .action(async (named: string[]) => {
      const scope = await invocation.organisation();
      const userIds = (await findPeople(scope, named)).map(({ id }) => id);
      const reply = await scope.call(directoryEntries.unlinkUsers, {
        params: scope.params,
        body: { userIds },
      });
      invocation.show(reply, () => `Unlinked ${counted(reply.unlinked, "user")}.`);
    });
  noun
    .command("remove-orphans")
    .description("Removes users whose directory account is gone: seats go back, workstations are wiped.")
    .argument("<users...>", userArgument[1])
    .action(async (named: string[]) => {
      const scope = await invocation.organisation();
      const userIds = (await findPeople(scope, named)).map(({ id }) => id);
      const reply = await scope.call(directoryEntries.removeOrphans, {
        params: scope.params,
        body: { userIds },
      });
      invocation.show(reply, () => `Removed ${counted(reply.removed, "user")}.`);
    });
}
