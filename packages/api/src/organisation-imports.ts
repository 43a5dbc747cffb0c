// Importing organisations with their people from one file, on the wire: a verdict for every row.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { importBytes, importedFile, importProgress, rowVerdicts } from "./imports.ts";
import { id, nothing } from "./shapes.ts";

/** What became of a row, or would. Codes are forever. */
export const organisationRowVerdicts = {
  ...rowVerdicts,
  "already-there": "The person is in this organisation already, and is left as is.",
  "organisation-missing": "The row names no organisation.",
  "organisation-name-taken":
    "The name is taken: by an authority, by an organisation of another one, or by one that was deleted.",
  "organisation-is-office": "This is the office of an authority. Import its people there.",
  "organisation-ambiguous": "Several organisations differ from this name in capitals only.",
  "invite-unclear": "Whether to invite the person is said with yes or no.",
  "role-unknown": "There is no such role to give here: organisation-manager or helpdesk.",
  "role-needs-invitation": "Whoever gets a role must be able to sign in: the row must ask for an invitation.",
  "email-missing": "The person is to be invited by mail, and the row has no mail address.",
  "root-key-missing": "The key that signs for new organisations is not on the server.",
  "root-key-wrong": "The key that signs for new organisations is another one than before.",
  "not-allowed": "Whoever started the import may not import any more.",
  "authority-deleted": "The authority was deleted.",
} as const;
export type OrganisationRowVerdict = keyof typeof organisationRowVerdicts;

const codes = Object.keys(organisationRowVerdicts) as [OrganisationRowVerdict, ...OrganisationRowVerdict[]];

const verdict = z.enum(codes).meta({
  id: "OrganisationRowVerdict",
  description: "What became of a row, or would.",
  "x-enum-descriptions": Object.values(organisationRowVerdicts),
});

export const organisationImport = z
  .object({
    id: id<"organisation-import">(),
    ...importProgress,
    organisations: z.int().describe("How many were made, or would be."),
    invited: z.int().describe("How many of those added were invited by mail, or would be."),
    there: z
      .int()
      .describe("How many rows name somebody who was there already. They are not counted as skipped."),
  })
  .meta({
    id: "OrganisationImport",
    description: "How far an import of organisations and their people has come.",
  });
export type OrganisationImport = z.output<typeof organisationImport>;

const inAuthority = z.object({ authorityId: id<"authority">() });
const ofImport = inAuthority.extend({ importId: id<"organisation-import">() });

export const startOrganisationImport = endpoint({
  method: "POST",
  path: "/authorities/:authorityId/imports",
  summary:
    "Begins to import organisations and their people; ask for the import to see how far it is. The first row names the columns: organisation, name, and one of username and email; team, invite and role if wanted. Organisations that the authority does not have are made. Rows that cannot be added are skipped and say why.",
  needs: "import-organisations",
  params: inAuthority,
  query: nothing,
  body: z.strictObject(importedFile),
  reply: organisationImport,
  refuses: ["authority_not_found", "csv_header_invalid"],
  creates: true,
  bodyLimitBytes: importBytes,
});

export const showOrganisationImport = endpoint({
  method: "GET",
  path: "/authorities/:authorityId/imports/:importId",
  summary: "How far an import of organisations and their people has come.",
  needs: "import-organisations",
  params: ofImport,
  query: nothing,
  body: nothing,
  reply: organisationImport,
  refuses: ["authority_not_found", "organisation_import_not_found"],
});

export const listOrganisationImportRows = endpoint({
  method: "GET",
  path: "/authorities/:authorityId/imports/:importId/rows",
  summary: "The verdicts of an import of organisations and their people, row by row.",
  needs: "import-organisations",
  params: ofImport,
  query: z.strictObject({
    only: z
      .enum(["skipped", "organisations"])
      .optional()
      .describe("Only rows that were not, or would not be, added; or only those that make an organisation."),
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
        organisation: z.string().nullable(),
        username: z.string().nullable(),
        organisationId: id<"organisation">().nullable(),
        userId: id<"user">().nullable(),
        makesOrganisation: z.boolean().describe("Whether the organisation was made for it, or would be."),
        isInvited: z.boolean(),
      }),
    ),
    next: z.int().nullable().describe("For `after` of the next page; null after the last."),
  }),
  refuses: ["authority_not_found", "organisation_import_not_found"],
});
