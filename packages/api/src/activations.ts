// Activation codes on the wire: one lets one user activate on one workstation.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, nothing, ofUser } from "./shapes.ts";

export const activationCodeStates = ["outstanding", "used", "expired", "voided"] as const;

const activationCode = z
  .object({
    id: id<"activation-code">(),
    state: z.enum(activationCodeStates),
    issuedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    usedAt: z.iso.datetime().nullable(),
    isOffered: z
      .boolean()
      .describe("Whether the relay has what the code opens. Until then nobody can use it."),
    workstation: z.string().nullable().describe("Where it was used."),
  })
  .meta({ id: "ActivationCode", description: "What is known of a code. The code itself is not kept." });
export type ActivationCode = z.output<typeof activationCode>;

const ofCodes = "/organisations/:organisationId/users/:userId/activation-code";

export const issueActivationCode = endpoint({
  method: "POST",
  path: ofCodes,
  summary:
    "Issues a code with which the user activates on one workstation, and voids the one before. Who has no licence seat takes one.",
  needs: "generate-activation-code",
  params: ofUser,
  query: nothing,
  body: z.strictObject({
    days: z.int().min(1).max(365).default(14).describe("For how long the code can be used."),
  }),
  reply: z.object({
    code: z.string().describe("Shown this once: five groups of five characters."),
    link: z.string().describe("Opens the client with code and relays. As secret as the code."),
    relays: z.array(z.string()),
    expiresAt: z.iso.datetime(),
    hasTakenSeat: z.boolean().describe("Whether the user had no licence seat until now."),
  }),
  refuses: [
    "organisation_not_found",
    "user_not_found",
    "account_deleted",
    "relay_missing",
    "root_key_missing",
    "user_blocked",
    "seats_exhausted",
    "licence_not_valid",
  ],
});

export const voidActivationCode = endpoint({
  method: "DELETE",
  path: ofCodes,
  summary: "Voids the outstanding code of a user, if there is one.",
  needs: "generate-activation-code",
  params: ofUser,
  query: nothing,
  body: nothing,
  reply: nothing,
  refuses: ["organisation_not_found", "user_not_found"],
});

export const listActivationCodes = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/users/:userId/activation-codes",
  summary: "The codes that a user was ever given, newest first.",
  needs: "read-standing",
  params: ofUser,
  query: nothing,
  body: nothing,
  reply: z.object({ codes: z.array(activationCode) }),
  refuses: ["organisation_not_found", "user_not_found"],
});
