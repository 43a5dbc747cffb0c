// Organisations on the wire.

import { offices } from "@lockstep/core";
import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, inOrganisation, name, nothing, revision } from "./shapes.ts";

export const organisation = z
  .object({
    id: id<"organisation">(),
    authorityId: id<"authority">().nullable().describe("Null for the office of the installation."),
    authority: z.string().nullable(),
    name: z.string(),
    office: z.enum(offices).describe("Whose own people live in it; `none` for an ordinary organisation."),
    state: z.enum(["enabled", "disabled", "deleted"]),
    revision,
  })
  .meta({ id: "Organisation", description: "Teams, people, licences and keys belong to exactly one." });
export type Organisation = z.output<typeof organisation>;

export const listOrganisations = endpoint({
  method: "GET",
  path: "/organisations",
  summary: "Every organisation that the caller may see, by name.",
  needs: "sign-in",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: z.object({ organisations: z.array(organisation) }),
  refuses: [],
});

export const createOrganisation = endpoint({
  method: "POST",
  path: "/authorities/:authorityId/organisations",
  summary: "Creates an organisation with its two root teams, of people and of workstations.",
  needs: "create-organisation",
  params: z.object({ authorityId: id<"authority">() }),
  query: nothing,
  body: z.strictObject({
    name,
    managedByMe: z
      .boolean()
      .default(false)
      .describe("Whether the caller becomes its first organisation manager; else it has none yet."),
  }),
  reply: organisation,
  refuses: ["authority_not_found", "name_taken", "root_key_missing", "root_key_wrong"],
  revisionOf: (reply) => reply.revision,
  creates: true,
});

export const showOrganisation = endpoint({
  method: "GET",
  path: "/organisations/:organisationId",
  summary: "One organisation.",
  needs: "read-teams",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: organisation,
  refuses: ["organisation_not_found"],
  revisionOf: (reply) => reply.revision,
});

export const renameOrganisation = endpoint({
  method: "PATCH",
  path: "/organisations/:organisationId",
  summary: "Gives an organisation another name.",
  needs: "edit-organisation",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({ name }),
  reply: organisation,
  refuses: ["organisation_not_found", "name_taken"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const switchOrganisation = endpoint({
  method: "PUT",
  path: "/organisations/:organisationId/switch",
  summary:
    "Switches an organisation off, and with it everybody's account, or on again; nothing of its users is written.",
  needs: "switch-organisation",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({ on: z.boolean() }),
  reply: organisation,
  refuses: ["organisation_not_found", "office_stays_on"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});
