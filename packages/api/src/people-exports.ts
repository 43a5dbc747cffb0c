// Chosen people taken out of the product, on the wire: who they are and how they stand, with a verdict for each.

import { accountReasonCodes } from "@lockstep/core";
import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, inOrganisation, nothing } from "./shapes.ts";
import { accountStatus, encryptionStatus } from "./standing.ts";

const person = z
  .discriminatedUnion("verdict", [
    z.object({
      verdict: z.literal("exported"),
      id: id<"user">(),
      name: z.string(),
      username: z.string(),
      email: z.string().nullable(),
      team: z.array(z.string()).describe("The names of the teams from the root team down to the user's own."),
      encryption: encryptionStatus,
      account: accountStatus,
      accountReason: z
        .enum(accountReasonCodes)
        .nullable()
        .describe("Why the account is not enabled: the first reason. Null for one that is."),
      accountSince: z.iso
        .datetime()
        .nullable()
        .describe("Since when it is blocked, or disabled for inactivity; null for every other."),
      activeAt: z.iso
        .datetime()
        .nullable()
        .describe("From when days without activity count; null for who has no account in use."),
      disabledOn: z.iso
        .datetime()
        .nullable()
        .describe("When the system disables it if nothing is done with it; null for one that it will not."),
    }),
    z.object({
      verdict: z.literal("deleted").describe("Everything of the user was erased but the username."),
      id: id<"user">(),
      username: z.string(),
    }),
  ])
  .meta({ id: "ExportedPerson", description: "What an export says of one person." });
export type ExportedPerson = z.output<typeof person>;

export const exportPeople = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/users/export",
  summary:
    "Who some users are and how they stand, to be kept elsewhere. That they were exported is recorded, with their number.",
  needs: "export-people",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({
    userIds: z.array(id<"user">()).min(1).max(5000).describe("Who is named twice counts once."),
  }),
  reply: z.object({
    at: z.iso.datetime(),
    people: z.array(person).describe("In the order in which they were named."),
  }),
  refuses: ["organisation_not_found", "user_not_found"],
});
