// Importing people from a file: its progress while it runs, then the sums and every row that was skipped.

import { imports, type PeopleImport } from "@lockstep/api";
import type { Command } from "commander";
import type { z } from "zod";

import { exitCodes } from "../exit-codes.ts";
import { fileArgument, readImport } from "../import-files.ts";
import type { Invocation, Scope } from "../invocation.ts";
import { counted, paragraph } from "../layout.ts";
import { untilEnded } from "../running.ts";
import { loadTeams } from "../team-tree.ts";

type SkippedRow = z.output<typeof imports.listImportRows.reply>["rows"][number];

interface ImportOptions {
  readonly team?: string;
  readonly dryRun?: true;
}

async function finished({ call, params }: Scope, begun: PeopleImport): Promise<PeopleImport> {
  return untilEnded(begun, {
    load: () => call(imports.showImport, { params: { ...params, importId: begun.id } }),
    progressOf: ({ done, rows }) => `${done} of ${counted(rows, "row")}`,
  });
}

async function listSkipped({ call, params }: Scope, { id: importId }: PeopleImport): Promise<SkippedRow[]> {
  const skipped: SkippedRow[] = [];
  let after: number | null = 0;
  while (after !== null) {
    const query = { skipped: "true", after, limit: 1000 } as const;
    const page: z.output<typeof imports.listImportRows.reply> = await call(imports.listImportRows, {
      params: { ...params, importId },
      query,
    });
    skipped.push(...page.rows);
    after = page.next;
  }
  return skipped;
}

function importScreen(done: PeopleImport, skipped: readonly SkippedRow[]): string {
  const verb = (amount: number) => (done.isDryRun ? "would be" : amount === 1 ? "was" : "were");
  const { rows, added, skipped: left } = done;
  const sums = `Of ${counted(rows, "row")}, ${added} ${verb(added)} added and ${left} ${verb(left)} skipped.`;
  const lines = skipped.map(({ row, username, sentence }) =>
    paragraph(`row ${String(row).padEnd(4)}  `, username === null ? sentence : `${username}: ${sentence}`),
  );
  return [sums, ...(lines.length === 0 ? [] : ["", ...lines])].join("\n");
}

async function importUsers(invocation: Invocation, file: string, options: ImportOptions): Promise<void> {
  const { csv, fileName } = readImport(file);
  const scope = await invocation.organisation();
  const team = options.team === undefined ? {} : { teamId: (await loadTeams(scope)).pick(options.team).id };
  const begun = await scope.call(imports.startImport, {
    params: scope.params,
    body: { fileName, csv, isDryRun: options.dryRun === true, ...team },
  });
  const done = await finished(scope, begun);
  const skipped = done.skipped === 0 ? [] : await listSkipped(scope, done);
  invocation.show(done, () => importScreen(done, skipped));
  if (done.skipped > 0) process.exitCode = exitCodes.rowsSkipped;
}

export function addImportCommand(noun: Command, invocation: Invocation): void {
  noun
    .command("import")
    .description(
      [
        "Adds people from a file of comma-separated values. Its first row names the columns: name,",
        "and one of username and email; team if wanted. Rows that cannot be added are skipped and say",
        "why; they are counted below the first one.",
      ].join(" "),
    )
    .argument(...fileArgument)
    .option("--team <team>", "where rows without a team go; the root team if left out")
    .option("--dry-run", "says what would become of every row, and adds nobody")
    .addHelpText(
      "after",
      `\nExit code: ${exitCodes.fine} if every row was added, ${exitCodes.rowsSkipped} if some were skipped.`,
    )
    .action((file: string, options: ImportOptions) => importUsers(invocation, file, options));
}
