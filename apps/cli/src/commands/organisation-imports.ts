// Importing organisations with their people: its progress while it runs, then what was made, and every row that was
// skipped.

import { organisationImports, organisations, type OrganisationImport } from "@lockstep/api";
import type { AuthorityId } from "@lockstep/core";
import type { Command } from "commander";
import type { z } from "zod";

import { pickAuthority } from "../authority-names.ts";
import type { Connection } from "../connection.ts";
import { exitCodes } from "../exit-codes.ts";
import { fileArgument, readImport } from "../import-files.ts";
import type { Invocation } from "../invocation.ts";
import { counted, paragraph } from "../layout.ts";
import { untilEnded } from "../running.ts";

type Reply = z.output<typeof organisationImports.listOrganisationImportRows.reply>;
type Row = Reply["rows"][number];

interface ImportOptions {
  readonly authority?: string;
  readonly dryRun?: true;
}

interface Below extends Pick<Connection, "call"> {
  readonly authorityId: AuthorityId;
}

async function listRows(
  { call, authorityId }: Below,
  { id: importId }: OrganisationImport,
  only: "skipped" | "organisations",
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after: number | null = 0; after !== null;) {
    const page: Reply = await call(organisationImports.listOrganisationImportRows, {
      params: { authorityId, importId },
      query: { only, after, limit: 1000 },
    });
    rows.push(...page.rows);
    after = page.next;
  }
  return rows;
}

interface Shown {
  readonly made: readonly Row[];
  readonly skipped: readonly Row[];
}

function importScreen(done: OrganisationImport, { made, skipped }: Shown): string {
  const verb = (amount: number) => (done.isDryRun ? "would be" : amount === 1 ? "was" : "were");
  const { rows, organisations: many, added, invited, there, skipped: left } = done;
  const sums = [
    `Of ${counted(rows, "row")}, ${added} ${verb(added)} added and ${left} ${verb(left)} skipped;`,
    `${counted(there, "person", "people")} ${there === 1 ? "is" : "are"} there already.`,
    `${counted(many, "organisation")} ${verb(many)} made, and ${counted(invited, "person", "people")} invited.`,
  ];
  const about = ({ organisation, username }: Row) =>
    [organisation, username].filter((word) => word !== null).join(", ");
  const making = made.map(({ organisation }) => `made      ${organisation ?? ""}`);
  const lines = skipped.map((row) =>
    paragraph(`row ${String(row.row).padEnd(4)}  `, [about(row), row.sentence].filter(Boolean).join(": ")),
  );
  const parts = [paragraph("", sums.join(" ")), making.join("\n"), lines.join("\n")];
  return parts.filter(Boolean).join("\n\n");
}

async function importOrganisations(
  invocation: Invocation,
  file: string,
  { authority: named, dryRun }: ImportOptions,
): Promise<void> {
  const { csv, fileName } = readImport(file);
  const { call } = invocation.connection();
  const all = await call(organisations.listOrganisations);
  const { id: authorityId } = pickAuthority(all.organisations, named);
  const begun = await call(organisationImports.startOrganisationImport, {
    params: { authorityId },
    body: { fileName, csv, isDryRun: dryRun === true },
  });
  const params = { authorityId, importId: begun.id };
  const done = await untilEnded(begun, {
    load: () => call(organisationImports.showOrganisationImport, { params }),
    progressOf: (latest) => `${latest.done} of ${counted(latest.rows, "row")}`,
  });
  const below = { call, authorityId };
  const shown = {
    made: done.organisations === 0 ? [] : await listRows(below, done, "organisations"),
    skipped: done.skipped === 0 ? [] : await listRows(below, done, "skipped"),
  };
  invocation.show(done, () => importScreen(done, shown));
  if (done.skipped > 0) process.exitCode = exitCodes.rowsSkipped;
}

export function addOrganisationImport(noun: Command, invocation: Invocation): void {
  noun
    .command("import")
    .description(
      [
        "Imports organisations and their people from one file of comma-separated values. Its first row",
        "names the columns: organisation, name, and one of username and email; team, invite (yes or no)",
        "and role (organisation-manager or helpdesk) if wanted. Organisations that the authority does not",
        "have are made, with their teams. Whoever is there already is left as is.",
      ].join(" "),
    )
    .argument(...fileArgument)
    .option("--authority <name>", "whose they are; may be left out if there is only one")
    .option("--dry-run", "says what would become of every row, and makes nothing")
    .addHelpText(
      "after",
      `\nExit code: ${exitCodes.fine} if no row was skipped, ${exitCodes.rowsSkipped} if some were.`,
    )
    .action((file: string, options: ImportOptions) => importOrganisations(invocation, file, options));
}
