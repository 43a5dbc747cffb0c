// Deletion on the wire: the own account, by request and later; an organisation or an authority, at once and with everybody.

import { roles } from "@lockstep/core";
import { z } from "zod";

import { account } from "./accounts.ts";
import { endpoint } from "./endpoint.ts";
import { id, inOrganisation, nothing, ownPassword, ownPasswordRefuses, revision } from "./shapes.ts";

export const requestDeletion = endpoint({
  method: "PUT",
  path: "/account/deletion-request",
  summary:
    "Asks for the own account to be deleted, which the system does after seven days. Asked for again, the days go on as they were.",
  needs: "sign-in",
  params: nothing,
  query: nothing,
  body: z.strictObject({ password: ownPassword }),
  reply: account,
  refuses: ["permission_denied", ...ownPasswordRefuses],
});

export const withdrawDeletion = endpoint({
  method: "DELETE",
  path: "/account/deletion-request",
  summary: "Takes the own request back: the account is not deleted.",
  needs: "sign-in",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: account,
  refuses: ["deletion_not_requested"],
});

const person = z.object({ id: id<"user">(), name: z.string(), username: z.string() });

const deletionRequest = z
  .object({
    user: person,
    requestedAt: z.iso.datetime(),
    dueAt: z.iso.datetime().describe("Until then it can be withdrawn; afterwards the system carries it out."),
    isLastAdministrator: z
      .boolean()
      .describe("Nobody else can do what this user does, so it is not carried out until somebody can."),
  })
  .meta({ id: "DeletionRequest", description: "A user wants the own account deleted." });
export type DeletionRequest = z.output<typeof deletionRequest>;

const page = {
  after: z.string().max(100).optional().describe("What the reply before said is next."),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};
const next = z.string().nullable().describe("Ask for it as `after`; null on the last page.");

export const listDeletionRequests = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/deletion-requests",
  summary:
    "Who of an organisation asked for the own account to be deleted, what is due first coming first. To look at: nobody deletes somebody else's.",
  needs: "read-deletion-requests",
  params: inOrganisation,
  query: z.strictObject(page),
  body: nothing,
  reply: z.object({ requests: z.array(deletionRequest), next }),
  refuses: ["organisation_not_found", "cursor_invalid"],
});

const concerned = z.object({
  people: z.int().describe("Everybody whose values are erased, with an account or without."),
  accounts: z.int().describe("Of them with an account."),
  administrators: z.int().describe("Of them in any role."),
  workstations: z.int().describe("Activations, each of which is posted a wipe."),
  seats: z.int().describe("Taken at this moment."),
  keys: z.int().describe("Encryption keys, whose secret halves are removed."),
});

const deletionPreview = z
  .object({
    name: z.string().describe("What is to be typed."),
    ...concerned.shape,
    organisations: z
      .array(
        concerned.extend({
          id: id<"organisation">(),
          name: z.string(),
          keysExportedAt: z.iso
            .datetime()
            .nullable()
            .describe("When its keys were written to a recovery file last; without one its files are lost."),
        }),
      )
      .describe("By name; of an organisation only itself."),
    lastElsewhere: z
      .array(person.extend({ role: z.enum(roles), organisation: z.string() }))
      .describe("Those in there who are the last to administer something outside of it: they prevent it."),
    revision,
  })
  .meta({ id: "DeletionPreview", description: "Everybody and everything that a deletion concerns." });
export type DeletionPreview = z.output<typeof deletionPreview>;

const concernedPeople = z.object({
  people: z.array(person.extend({ organisationId: id<"organisation">(), workstations: z.int() })),
  next,
});

const confirmed = z.strictObject({
  name: z.string().max(200).describe("The exact name of what is deleted, typed."),
  password: ownPassword,
});

const ofAuthority = z.object({ authorityId: id<"authority">() });

export const showOrganisationDeletion = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/deletion",
  summary: "Everybody and everything that the deletion of an organisation would concern.",
  needs: "delete-organisation",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: deletionPreview,
  refuses: ["organisation_not_found"],
  revisionOf: (reply) => reply.revision,
});

export const listOrganisationPeople = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/deletion/people",
  summary: "Everybody whom the deletion of an organisation would concern.",
  needs: "delete-organisation",
  params: inOrganisation,
  query: z.strictObject(page),
  body: nothing,
  reply: concernedPeople,
  refuses: ["organisation_not_found", "cursor_invalid"],
});

export const deleteOrganisation = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/deletion",
  summary:
    "Deletes an organisation with everybody in it, at once and for ever. Afterwards its people are erased and its workstations wiped.",
  needs: "delete-organisation",
  params: inOrganisation,
  query: nothing,
  body: confirmed,
  reply: nothing,
  refuses: [
    "organisation_not_found",
    "office_goes_with_authority",
    "name_differs",
    "administers_elsewhere",
    ...ownPasswordRefuses,
  ],
  needsMatch: true,
});

export const showAuthorityDeletion = endpoint({
  method: "GET",
  path: "/authorities/:authorityId/deletion",
  summary: "Everybody and everything that the deletion of an authority would concern.",
  needs: "delete-authority",
  params: ofAuthority,
  query: nothing,
  body: nothing,
  reply: deletionPreview,
  refuses: ["authority_not_found"],
  revisionOf: (reply) => reply.revision,
});

export const listAuthorityPeople = endpoint({
  method: "GET",
  path: "/authorities/:authorityId/deletion/people",
  summary: "Everybody whom the deletion of an authority would concern.",
  needs: "delete-authority",
  params: ofAuthority,
  query: z.strictObject(page),
  body: nothing,
  reply: concernedPeople,
  refuses: ["authority_not_found", "cursor_invalid"],
});

export const deleteAuthority = endpoint({
  method: "POST",
  path: "/authorities/:authorityId/deletion",
  summary: "Deletes an authority with its office and every organisation of it, at once and for ever.",
  needs: "delete-authority",
  params: ofAuthority,
  query: nothing,
  body: confirmed,
  reply: nothing,
  refuses: ["authority_not_found", "name_differs", "administers_elsewhere", ...ownPasswordRefuses],
  needsMatch: true,
});

const deletion = z
  .object({
    organisationId: id<"organisation">(),
    organisation: z.string(),
    authority: z.string().nullable(),
    deletedAt: z.iso.datetime(),
    people: z.int().nullable().describe("To be erased; null until it begins."),
    erased: z.int(),
    wipesDue: z.int().describe("Workstations whose order to wipe is not at the relay yet."),
    endedAt: z.iso.datetime().nullable().describe("When everything was done."),
  })
  .meta({
    id: "Deletion",
    description: "What follows the deletion of an organisation, and how far it has come.",
  });
export type Deletion = z.output<typeof deletion>;

export const listDeletions = endpoint({
  method: "GET",
  path: "/deletions",
  summary:
    "The organisations that were deleted, of those that the caller could see, and how far that has come.",
  needs: "sign-in",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: z.object({ deletions: z.array(deletion) }),
  refuses: [],
});
