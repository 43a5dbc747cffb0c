// What a user should hold, and the encryption groups that are the user's own.

import { users } from "@lockstep/api";
import type { Command } from "commander";

import { findGroups, replacing } from "../groups.ts";
import { holdingsScreen } from "../holdings.ts";
import type { Invocation } from "../invocation.ts";
import { findPerson, userArgument } from "../people.ts";

async function setUserGroups(invocation: Invocation, text: string, names: readonly string[]): Promise<void> {
  const scope = await invocation.organisation();
  const person = await findPerson(scope, text);
  const params = { ...scope.params, userId: person.id };
  const groups = await findGroups(scope, names);
  const { revision: match } = await scope.call(users.showUser, { params });
  const body = { groupIds: groups.map(({ id }) => id) };
  const user = await scope.call(users.setUserGroups, { params, match, body });
  const own = groups.length === 0 ? "none" : groups.map(({ name }) => name).join(", ");
  invocation.show(user, () => `Own encryption groups of ${user.name}: ${own}.`);
}

export function addHoldingsCommand(noun: Command, invocation: Invocation): void {
  noun
    .command("holdings")
    .description("Every setting and key that a user should hold, each with its origin.")
    .argument(...userArgument)
    .action(async (text: string) => {
      const { call, params, ...scope } = await invocation.organisation();
      const { id: userId } = await findPerson({ call, params, ...scope }, text);
      const holdings = await call(users.showUserHoldings, { params: { ...params, userId } });
      invocation.show(holdings, () => holdingsScreen(holdings));
    });
}

export function addUserGroupsCommand(noun: Command, invocation: Invocation): void {
  noun
    .command("set-groups")
    .description("Replaces the user's own encryption groups, besides those of the team.")
    .argument(...userArgument)
    .argument("[group...]", "all of them; those that are not named are taken away")
    .option("--none", "takes all of them away")
    .action((text: string, names: string[], options: { none?: true }) =>
      setUserGroups(invocation, text, replacing(names, options)),
    );
}
