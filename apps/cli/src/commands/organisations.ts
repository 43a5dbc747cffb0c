// Organisations: those that one may see, and new ones.

import { organisations, type Organisation } from "@lockstep/api";
import type { AuthorityId } from "@lockstep/core";
import type { Command } from "commander";

import { wrongUsage } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { table } from "../layout.ts";
import { pick } from "../naming.ts";
import { addOrganisationDeletion } from "./deletions.ts";

/** Authorities, as far as their organisations and offices are to be seen. */
function authoritiesOf(all: readonly Organisation[]): { id: AuthorityId; name: string }[] {
  const known = all.flatMap(({ authorityId, authority }) =>
    authorityId === null
      ? []
      : ([[authorityId, { id: authorityId, name: authority ?? authorityId }]] as const),
  );
  return [...new Map(known).values()];
}

interface Making {
  readonly authority?: string;
  readonly managedByMe?: boolean;
}

async function createOrganisation(
  invocation: Invocation,
  name: string,
  { authority: named, managedByMe = false }: Making,
): Promise<void> {
  const { call } = invocation.connection();
  const { organisations: all } = await call(organisations.listOrganisations);
  const known = authoritiesOf(all);
  const [only, ...others] = known;
  if (named === undefined && others.length > 0) {
    const names = known.map((each) => `--authority "${each.name}"`).sort();
    throw wrongUsage("there are several authorities", `say which: ${names.join(", ")}`);
  }
  const authority =
    named === undefined && only !== undefined
      ? only
      : pick(known, named ?? "", {
          noun: "authority",
          place: "that you may see",
          namesOf: ({ id, name }) => [id, name],
          labelOf: ({ id }) => id,
          list: "all of them: lockstep organisations list",
        });
  const params = { authorityId: authority.id };
  const made = await call(organisations.createOrganisation, { params, body: { name, managedByMe } });
  invocation.show(made, () => `Created ${made.name}, of ${authority.name}.`);
}

export function addOrganisationCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("organisations")
    .alias("organisation")
    .description("Organisations: those that you may see, and new ones.");

  noun
    .command("list")
    .description("Every organisation that you may see, by name.")
    .action(async () => {
      const { call } = invocation.connection();
      const reply = await call(organisations.listOrganisations);
      const rows = reply.organisations.map(({ name, authority, office, state }) => [
        name,
        authority,
        office === "none" ? "" : `office of the ${office}`,
        state,
      ]);
      invocation.show(reply, () => table(["NAME", "AUTHORITY", "OFFICE", "STATE"], rows));
    });

  noun
    .command("create")
    .description("Creates an organisation with its two root teams, of people and of workstations.")
    .argument("<name>")
    .option("--authority <name>", "whose it is; may be left out if there is only one")
    .option("--managed-by-me", "you become its first manager; else it has none yet")
    .action((name: string, making: Making) => createOrganisation(invocation, name, making));

  addOrganisationDeletion(noun, invocation);
}
