// What will happen by itself, on which day: accounts are disabled, blocks end, licences and codes expire.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, inOrganisation, nothing } from "./shapes.ts";

export const forecastKinds = [
  "account-disabled",
  "block-ends",
  "licence-expires",
  "activation-code-expires",
] as const;

const expected = z
  .object({
    kind: z.enum(forecastKinds),
    on: z.iso.datetime().describe("A licence expires when its last day is over."),
    user: z
      .object({ id: id<"user">(), name: z.string(), username: z.string() })
      .nullable()
      .describe("Null for a licence."),
    licence: z
      .object({
        id: id<"licence">(),
        productId: z.string(),
        users: z.int().describe("Who hold a seat of it."),
      })
      .nullable(),
  })
  .meta({ id: "Expected", description: "Something that will happen by itself, if nobody does anything." });
export type Expected = z.output<typeof expected>;

export const showForecast = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/forecast",
  summary: "What will happen by itself within some days, soonest first: at most 500 of each kind.",
  needs: "read-standing",
  params: inOrganisation,
  query: z.strictObject({
    days: z.coerce.number().int().min(1).max(730).default(30),
    kind: z.enum(forecastKinds).optional(),
  }),
  body: nothing,
  reply: z.object({ until: z.iso.datetime(), expected: z.array(expected) }),
  refuses: ["organisation_not_found"],
});
