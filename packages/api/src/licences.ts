// Licences and their seats on the wire.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, inOrganisation, name, nothing, revision } from "./shapes.ts";

export const licence = z
  .object({
    id: id<"licence">(),
    productId: z.string(),
    edition: z.string(),
    term: z.enum(["trial", "subscription", "perpetual"]),
    seats: z.int(),
    seatsTaken: z.int(),
    validFrom: z.iso.date(),
    validUntil: z.iso.date().nullable().describe("The last day it covers; null never ends."),
    state: z.enum(["valid", "not-yet-valid", "expired", "suspended"]),
    revision,
  })
  .meta({ id: "Licence", description: "A pool of seats. A user holds at most one seat." });
export type Licence = z.output<typeof licence>;

const ofLicence = z.object({ organisationId: id<"organisation">(), licenceId: id<"licence">() });
const seats = z.int().min(1).max(10_000_000);
const those = z.array(id<"user">()).min(1).max(5000);

export const listLicences = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/licences",
  summary: "Every licence with its seats, those that end first first.",
  needs: "read-licences",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: z.object({ licences: z.array(licence) }),
  refuses: ["organisation_not_found"],
});

export const showLicence = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/licences/:licenceId",
  summary: "One licence.",
  needs: "read-licences",
  params: ofLicence,
  query: nothing,
  body: nothing,
  reply: licence,
  refuses: ["organisation_not_found", "licence_not_found"],
  revisionOf: (reply) => reply.revision,
});

export const addLicence = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/licences",
  summary: "Adds a licence: a pool of seats. Nobody takes one by it.",
  needs: "edit-licences",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({
    productId: name,
    edition: name,
    term: z.enum(["trial", "subscription", "perpetual"]),
    seats,
    validFrom: z.iso.date(),
    validUntil: z.iso.date().nullable().describe("The last day; null, for a perpetual one, never ends."),
  }),
  reply: licence,
  refuses: ["organisation_not_found", "licence_dates_invalid"],
  revisionOf: (reply) => reply.revision,
  creates: true,
});

export const editLicence = endpoint({
  method: "PATCH",
  path: "/organisations/:organisationId/licences/:licenceId",
  summary: "Changes the seats or the last day of a licence. Fewer seats than are taken are refused.",
  needs: "edit-licences",
  params: ofLicence,
  query: nothing,
  body: z.strictObject({ seats: seats.optional(), validUntil: z.iso.date().nullable().optional() }),
  reply: licence,
  refuses: ["organisation_not_found", "licence_not_found", "licence_dates_invalid", "seats_taken"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const assignLicence = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/licences/:licenceId/seats",
  summary:
    "Gives every one of some users a seat, or nobody. Whoever holds a seat of another licence changes over.",
  needs: "edit-licences",
  params: ofLicence,
  query: nothing,
  body: z.strictObject({ userIds: those }),
  reply: licence,
  refuses: [
    "organisation_not_found",
    "licence_not_found",
    "user_not_found",
    "account_deleted",
    "seats_exhausted",
    "licence_suspended",
    "licence_not_valid",
  ],
  revisionOf: (reply) => reply.revision,
});

export const returnSeats = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/seats/return",
  summary:
    "Gives the seats of some users back to their pools. Workstations on which they are active are posted a Key-File without keys.",
  needs: "edit-licences",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({ userIds: those }),
  reply: z.object({ returned: z.int(), keyFiles: z.int() }),
  refuses: ["organisation_not_found", "user_not_found"],
});

export const replaceLicence = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/licences/:licenceId/replace",
  summary: "Moves every seat of a licence to another one, or none if it has too few.",
  needs: "edit-licences",
  params: ofLicence,
  query: nothing,
  body: z.strictObject({ by: id<"licence">().describe("The licence that takes over, and is replied.") }),
  reply: licence,
  refuses: [
    "organisation_not_found",
    "licence_not_found",
    "seats_exhausted",
    "licence_suspended",
    "licence_not_valid",
    "licence_replaces_itself",
  ],
  revisionOf: (reply) => reply.revision,
});

export const suspendLicence = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/licences/:licenceId/suspend",
  summary:
    "Frees every seat of a licence and gives none until it is resumed. Workstations are posted a Key-File without keys.",
  needs: "edit-licences",
  params: ofLicence,
  query: nothing,
  body: nothing,
  reply: licence,
  refuses: ["organisation_not_found", "licence_not_found"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const resumeLicence = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/licences/:licenceId/resume",
  summary: "Lets a suspended licence give seats again; nobody gets the former seat back by it.",
  needs: "edit-licences",
  params: ofLicence,
  query: nothing,
  body: nothing,
  reply: licence,
  refuses: ["organisation_not_found", "licence_not_found"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});
