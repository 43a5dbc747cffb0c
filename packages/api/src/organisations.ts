// Organisations on the wire.

import { offices } from "@lockstep/core";
import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, nothing } from "./shapes.ts";

export const organisation = z.object({
  id: id<"organisation">(),
  authorityId: id<"authority">(),
  authority: z.string(),
  name: z.string(),
  office: z.enum(offices),
  state: z.enum(["enabled", "disabled", "deleted"]),
});
export type Organisation = z.output<typeof organisation>;

export const listOrganisations = endpoint({
  method: "GET",
  path: "/organisations",
  summary: "Every organisation of the installation, by name.",
  needs: "read-installation",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: z.object({ organisations: z.array(organisation) }),
  refuses: [],
});

export const showOrganisation = endpoint({
  method: "GET",
  path: "/organisations/:organisationId",
  summary: "One organisation.",
  needs: "read-teams",
  params: z.object({ organisationId: id<"organisation">() }),
  query: nothing,
  body: nothing,
  reply: organisation,
  refuses: ["organisation_not_found"],
});
