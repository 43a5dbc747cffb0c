// Organisations: those that one may see, and new ones.

import { organisations } from "@lockstep/api";
import type { Command } from "commander";

import { pickAuthority } from "../authority-names.ts";
import type { Invocation } from "../invocation.ts";
import { table } from "../layout.ts";
import { addOrganisationDeletion } from "./deletions.ts";
import { addOrganisationImport } from "./organisation-imports.ts";

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
  const authority = pickAuthority(all, named);
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

  addOrganisationImport(noun, invocation);
  addOrganisationDeletion(noun, invocation);
}
