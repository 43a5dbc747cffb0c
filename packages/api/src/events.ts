// The record of changes on the wire.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { inOrganisation, nothing } from "./shapes.ts";

export const verifyEvents = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/events/verification",
  summary: "Recomputes the chain of seals over every event of an organisation.",
  needs: "verify-events",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: z.object({
    sealed: z.int(),
    unsealed: z.int().describe("The newest events, which no seal covers yet."),
    brokenSeal: z
      .int()
      .nullable()
      .describe("The first seal that does not fit what is stored; null if all do."),
    strangers: z.int().describe("Events that are neither sealed nor waiting to be: put in past the product."),
  }),
  refuses: ["organisation_not_found"],
});
