// Roles: who holds which one in an organisation or an office, granting and withdrawing them.

import { roleHolders, type RoleHolder } from "@lockstep/api";
import { holdsIn, type GrantedRole } from "@lockstep/core";
import type { Command } from "commander";

import { oneOf } from "../arguments.ts";
import { exitCodes } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import type { Invocation, Scope } from "../invocation.ts";
import { dateOf, table } from "../layout.ts";
import { pick } from "../naming.ts";
import { findPerson, userArgument } from "../people.ts";
import { asError } from "../refusals.ts";

const { grantedRoles } = roleHolders;

function notesOf({ livesHere, canSignIn, isLast }: RoleHolder): string {
  return [
    ...(isLast && canSignIn ? ["the last one who can sign in"] : []),
    ...(canSignIn ? [] : ["cannot sign in"]),
    ...(livesHere ? [] : ["lives above"]),
  ].join(", ");
}

function listScreen(holders: readonly RoleHolder[]): string {
  if (holders.length === 0) return "Nobody holds a role here.";
  const rows = holders.map((holder) => [
    holder.user.name,
    holder.user.username,
    holder.role,
    dateOf(holder.grantedAt),
    notesOf(holder),
  ]);
  return table(["NAME", "USERNAME", "ROLE", "SINCE", "NOTES"], rows);
}

async function listRoles(invocation: Invocation): Promise<void> {
  const { call, params } = await invocation.organisation();
  const reply = await call(roleHolders.listRoleHolders, { params });
  invocation.show(reply, () => listScreen(reply.holders));
}

interface Named {
  readonly text: string;
  readonly role: GrantedRole;
}

async function grantRole(invocation: Invocation, { text, role }: Named, home?: string): Promise<void> {
  const scope = await invocation.organisation();
  const { call, params, organisation } = scope;
  const people = home === undefined ? scope : await invocation.organisation(home);
  const { id: holderId, name, username } = await findPerson(people, text);
  await call(roleHolders.grantRole, { params: { ...params, role, holderId } });
  const granted = { role, holderId, organisationId: organisation.id };
  invocation.show(granted, () => `${name} (${username}) is ${role} in ${organisation.name}.`);
}

/** Of those who hold it, who may live elsewhere. */
async function findHolder({ call, params, organisation }: Scope, { text, role }: Named): Promise<RoleHolder> {
  const { holders } = await call(roleHolders.listRoleHolders, { params });
  return pick(
    holders.filter((holder) => holder.role === role),
    text,
    {
      noun: role,
      place: `in ${organisation.name}`,
      namesOf: ({ user }) => [user.id, user.username, user.username.split("@")[0] ?? user.username],
      labelOf: ({ user }) => user.username,
      list: "who holds which role: lockstep roles list",
    },
  );
}

async function withdrawRole(invocation: Invocation, { text, role }: Named): Promise<void> {
  const scope = await invocation.organisation();
  const { user, withdrawing } = await findHolder(scope, { text, role });
  if (withdrawing.rule === "not-last-administrator") {
    const [error = "", hint = ""] = asError(withdrawing.sentence);
    throw new Failure(error, `${hint}: lockstep roles grant USER ${role}`, exitCodes.notAllowed);
  }
  const params = { ...scope.params, role, holderId: user.id };
  await scope.call(roleHolders.withdrawRole, { params });
  const withdrawn = { role, holderId: user.id, organisationId: scope.organisation.id };
  invocation.show(
    withdrawn,
    () => `${user.name} (${user.username}) is no longer ${role} in ${scope.organisation.name}.`,
  );
}

const roleArgument = ["<role>", `one of ${grantedRoles.join(", ")}`, oneOf(grantedRoles)] as const;
const inOffices = Object.entries(holdsIn)
  .filter(([, office]) => office !== "none")
  .map(([role]) => `${role}s`)
  .join(" and ");

export function addRoleCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("roles")
    .alias("role")
    .description(`Who may do what, and where; of ${inOffices} in their office: --organisation OFFICE.`);

  noun
    .command("list")
    .description("Who holds which role in an organisation or an office, and who is the last.")
    .action(() => listRoles(invocation));

  noun
    .command("grant")
    .description("Grants a role to somebody with an account. It holds at once, and the user is told by mail.")
    .argument(...userArgument)
    .argument(...roleArgument)
    .option("--home <organisation>", "the office in which the user lives, if it is not here")
    .action((text: string, role: GrantedRole, { home }: { readonly home?: string }) =>
      grantRole(invocation, { text, role }, home),
    );

  noun
    .command("withdraw")
    .description(
      "Withdraws a role at once. The last one who can sign in keeps it: grant it to another first.",
    )
    .argument(...userArgument)
    .argument(...roleArgument)
    .action((text: string, role: GrantedRole) => withdrawRole(invocation, { text, role }));
}
