// People as a file for a spreadsheet: those who are named, or whoever a filter lets through.

import { writeFileSync } from "node:fs";

import { peopleCsv, peopleCsvFile, peopleExports, type ExportedPerson } from "@lockstep/api";
import type { UserId } from "@lockstep/core";
import type { Command } from "commander";

import { Failure, wrongUsage } from "../failure.ts";
import type { Invocation, Scope } from "../invocation.ts";
import { counted } from "../layout.ts";
import { filterOf, withFilter, type FilterOptions } from "../people-filter.ts";
import { findPeople, loadEverybody } from "../people.ts";
import { endProgress, showProgress } from "../terminal.ts";

/** A call takes this many. */
const mostAtOnce = 5000;

interface ExportOptions extends FilterOptions {
  readonly file?: string;
}

async function exportOf({ call, params }: Scope, userIds: readonly UserId[]): Promise<ExportedPerson[]> {
  const exported: ExportedPerson[] = [];
  while (exported.length < userIds.length) {
    showProgress(`${exported.length} of ${counted(userIds.length, "person", "people")}`);
    const body = { userIds: userIds.slice(exported.length, exported.length + mostAtOnce) };
    const { people } = await call(peopleExports.exportPeople, { params, body });
    exported.push(...people);
  }
  endProgress();
  return exported;
}

/** A new file that only its owner reads: what is in it is personal. */
function save(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";
    throw new Failure(
      isThere ? `${file} is there already` : `${file} cannot be written`,
      isThere ? "choose another name, or remove it first" : "is the folder there, and may you write to it?",
    );
  }
}

async function exportPeople(
  invocation: Invocation,
  texts: readonly string[],
  { file, ...filtered }: ExportOptions,
): Promise<void> {
  if (texts.length > 0 && Object.keys(filtered).length > 0) {
    throw wrongUsage("people are named or filtered, not both", "name them, or leave the names out");
  }
  const scope = await invocation.organisation();
  const found =
    texts.length > 0
      ? await findPeople(scope, texts)
      : (await loadEverybody(scope, await filterOf(scope, filtered))).users;
  const people = await exportOf(
    scope,
    found.map(({ id }) => id),
  );
  if (file === undefined) {
    // As programs beside it want it; a file is as spreadsheets do.
    invocation.show({ people }, () => peopleCsv(people).replaceAll("\r\n", "\n").trimEnd());
    return;
  }
  save(file, peopleCsvFile(people));
  const written = { people: people.length, file };
  invocation.show(written, () => `Wrote ${counted(people.length, "person", "people")} to ${file}.`);
}

export function addExportCommand(noun: Command, invocation: Invocation): void {
  withFilter(
    noun
      .command("export")
      .description(
        [
          "Writes people as CSV for a spreadsheet: who they are, their team, both statuses, and their last",
          "activity. Everybody, unless some are named or filtered. It is recorded.",
        ].join(" "),
      )
      .argument("[user...]"),
  )
    .option("--file <file>", "a new file; standard output if left out")
    .addHelpText("after", "\nExample:\n  lockstep users export --account disabled --file disabled.csv")
    .action((texts: string[], options: ExportOptions) => exportPeople(invocation, texts, options));
}
