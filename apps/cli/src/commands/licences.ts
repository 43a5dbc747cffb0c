// Licences and their seats.

import { licences, type Licence } from "@lockstep/api";
import type { Day } from "@lockstep/core";
import { Option, type Command } from "commander";

import { day, lastDay, wholeNumber } from "../arguments.ts";
import { wrongUsage } from "../failure.ts";
import { saveWithImpact } from "../impact.ts";
import type { Invocation } from "../invocation.ts";
import { table } from "../layout.ts";
import { licenceName, licenceSentence, loadLicences } from "../licence-names.ts";
import { addSeatCommands } from "./seats.ts";

function listScreen(all: readonly Licence[]): string {
  if (all.length === 0) return "No licences.";
  const rows = all.map((licence) => [
    licenceName(licence, all),
    licence.seats,
    licence.seatsTaken,
    licence.seats - licence.seatsTaken,
    licence.validFrom,
    licence.validUntil ?? "never",
    licence.state,
  ]);
  return table(["LICENCE", "SEATS", "TAKEN", "FREE", "FROM", "UNTIL", "STATE"], rows);
}

interface AddOptions {
  readonly product: string;
  readonly edition: string;
  readonly term: Licence["term"];
  readonly seats: number;
  readonly from: Day;
  readonly until?: Day | null;
}

async function addLicence(invocation: Invocation, options: AddOptions): Promise<void> {
  const { product, edition, term, seats, from, until } = options;
  if (until === undefined && term !== "perpetual") {
    throw wrongUsage(`a ${term} has a last day`, "--until DAY, or --term perpetual");
  }
  const { call, params } = await invocation.organisation();
  const body = { productId: product, edition, term, seats, validFrom: from, validUntil: until ?? null };
  const licence = await call(licences.addLicence, { params, body });
  invocation.show(licence, () => `Added ${licenceSentence(licence)}`);
}

interface EditOptions {
  readonly seats?: number;
  readonly until?: Day | null;
}

async function editLicence(invocation: Invocation, named: string, options: EditOptions): Promise<void> {
  const { seats, until } = options;
  if (seats === undefined && until === undefined) {
    throw wrongUsage("nothing to change was named", "--seats NUMBER, --until DAY or both");
  }
  const scope = await invocation.organisation();
  const { id: licenceId, revision: match } = (await loadLicences(scope)).pick(named);
  const body = {
    ...(seats === undefined ? {} : { seats }),
    ...(until === undefined ? {} : { validUntil: until }),
  };
  const params = { ...scope.params, licenceId };
  const licence = await scope.call(licences.editLicence, { params, match, body });
  invocation.show(licence, () => licenceSentence(licence));
}

async function suspendLicence(invocation: Invocation, named: string, isPreview: boolean): Promise<void> {
  const scope = await invocation.organisation();
  const { id: licenceId, revision: match } = (await loadLicences(scope)).pick(named);
  await saveWithImpact(invocation, scope, {
    proposal: { kind: "licence-suspended", licenceId },
    isPreview,
    save: async () => {
      const reply = await scope.call(licences.suspendLicence, {
        params: { ...scope.params, licenceId },
        match,
      });
      return { reply, screen: licenceSentence(reply) };
    },
  });
}

async function resumeLicence(invocation: Invocation, named: string): Promise<void> {
  const scope = await invocation.organisation();
  const { id: licenceId, revision: match } = (await loadLicences(scope)).pick(named);
  const reply = await scope.call(licences.resumeLicence, { params: { ...scope.params, licenceId }, match });
  invocation.show(reply, () => licenceSentence(reply));
}

const licenceArgument = [
  "<licence>",
  "product/edition/term as listed, as little of it as is unique, or an id",
] as const;
const previewOption = [
  "--preview",
  "shows what it would do to everybody's status, and saves nothing",
] as const;

function addPoolCommands(noun: Command, invocation: Invocation): void {
  noun
    .command("list")
    .description("Every licence with its seats, those that end first first.")
    .action(async () => {
      const { call, params } = await invocation.organisation();
      const reply = await call(licences.listLicences, { params });
      invocation.show(reply, () => listScreen(reply.licences));
    });

  noun
    .command("add")
    .description("Adds a licence: a pool of seats. Nobody takes one by it.")
    .requiredOption("--product <id>", "what was bought")
    .requiredOption("--edition <name>", "in which edition")
    .addOption(
      new Option("--term <term>", "for how long")
        .choices(["trial", "subscription", "perpetual"])
        .makeOptionMandatory(),
    )
    .requiredOption("--seats <number>", "for how many people", wholeNumber)
    .addOption(
      new Option("--from <day>", "its first day, as in 2026-04-01")
        .argParser(day)
        .default(day("today"), "today"),
    )
    .option("--until <day>", "the last day it covers, or never", lastDay)
    .action((options: AddOptions) => addLicence(invocation, options));

  noun
    .command("edit")
    .description("Changes the seats or the last day of a licence. Fewer seats than are taken are refused.")
    .argument(...licenceArgument)
    .option("--seats <number>", "how many seats it has then", wholeNumber)
    .option("--until <day>", "the last day it covers, or never", lastDay)
    .action((named: string, options: EditOptions) => editLicence(invocation, named, options));
}

export function addLicenceCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("licences")
    .alias("licence")
    .description("Licences: pools of seats, and who holds one.");
  addPoolCommands(noun, invocation);
  addSeatCommands(noun, invocation);

  noun
    .command("suspend")
    .description(
      "Frees every seat of a licence and gives none until it is resumed. Workstations are posted a Key-File without keys.",
    )
    .argument(...licenceArgument)
    .option(...previewOption)
    .action((named: string, { preview }: { preview?: true }) =>
      suspendLicence(invocation, named, preview === true),
    );

  noun
    .command("resume")
    .description("Lets a suspended licence give seats again. Nobody gets the former seat back by it.")
    .argument(...licenceArgument)
    .action((named: string) => resumeLicence(invocation, named));
}
