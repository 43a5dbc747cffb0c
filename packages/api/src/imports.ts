// Importing people from a file of comma-separated values, on the wire: a verdict for every row.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, inOrganisation, name, nothing } from "./shapes.ts";

/** What became of a row, or would. Codes are forever. */
export const rowVerdicts = {
  added: "The person was added.",
  "would-be-added": "The person would be added.",
  "row-malformed": "The row has another number of fields than the first one, or a quote is missing.",
  "name-missing": "The row has no name.",
  "username-missing": "The row has neither a username nor a mail address to make one of.",
  "value-invalid": "A value is too long, or has characters that it cannot have.",
  "email-invalid": "The mail address is none.",
  "team-unknown": "There is no such team. Create it first, or correct the row.",
  "team-ambiguous": "Several teams have this name. Write the whole path, as in Flight Operations/Pilots.",
  "username-repeated": "An earlier row of the file has the same username.",
  "username-taken": "The username was given before, and is never given again.",
} as const;
export type RowVerdict = keyof typeof rowVerdicts;

const verdict = z.enum(Object.keys(rowVerdicts) as [RowVerdict, ...RowVerdict[]]).meta({
  id: "RowVerdict",
  description: "What became of a row, or would.",
  "x-enum-descriptions": Object.values(rowVerdicts),
});

/** How far any import of a file has come. */
export const importProgress = {
  fileName: z.string(),
  isDryRun: z.boolean(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable().describe("Null while it runs."),
  rows: z.int(),
  done: z.int().describe("How many rows have their verdict."),
  added: z.int(),
  skipped: z.int(),
};

/** What any import of a file is given, and how much of it. */
export const importedFile = {
  fileName: name,
  csv: z
    .string()
    .min(1)
    .max(64 * 1024 * 1024)
    .describe("The file's text: separated by commas, semicolons or tabs (RFC 4180)."),
  isDryRun: z
    .boolean()
    .default(false)
    .describe("Gives every row the verdict that it would have, and adds nobody."),
};
export const importBytes = 96 * 1024 * 1024;

export const peopleImport = z
  .object({ id: id<"import">(), ...importProgress })
  .meta({ id: "PeopleImport", description: "How far an import of people has come." });
export type PeopleImport = z.output<typeof peopleImport>;

const ofImport = z.object({ organisationId: id<"organisation">(), importId: id<"import">() });

export const startImport = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/imports",
  summary:
    "Begins to import people; ask for the import to see how far it is. The first row names the columns: name, and one of username and email; team if wanted. Rows that cannot be added are skipped and say why.",
  needs: "edit-people",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({
    ...importedFile,
    teamId: id<"team">().optional().describe("Where rows without a team go; the root team if left out."),
  }),
  reply: peopleImport,
  refuses: ["organisation_not_found", "team_not_found", "csv_header_invalid"],
  creates: true,
  bodyLimitBytes: importBytes,
});

export const showImport = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/imports/:importId",
  summary: "How far an import has come.",
  needs: "read-people",
  params: ofImport,
  query: nothing,
  body: nothing,
  reply: peopleImport,
  refuses: ["organisation_not_found", "import_not_found"],
});

export const listImportRows = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/imports/:importId/rows",
  summary: "The verdicts of an import, row by row.",
  needs: "read-people",
  params: ofImport,
  query: z.strictObject({
    verdict: verdict.optional(),
    skipped: z
      .enum(["true", "false"])
      .transform((text) => text === "true")
      .default(false)
      .describe("Only rows that were not, or would not be, added."),
    after: z.coerce.number().int().min(0).default(0).describe("From `next` of the page before."),
    limit: z.coerce.number().int().min(1).max(1000).default(100),
  }),
  body: nothing,
  reply: z.object({
    rows: z.array(
      z.object({
        row: z.int().describe("Counted from 1, the row that names the columns not counted."),
        verdict,
        sentence: z.string(),
        username: z.string().nullable(),
        userId: id<"user">().nullable(),
      }),
    ),
    next: z.int().nullable().describe("For `after` of the next page; null after the last."),
  }),
  refuses: ["organisation_not_found", "import_not_found"],
});
