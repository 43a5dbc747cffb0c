// Who holds which role in an organisation, an authority or the installation, on the wire; granting and withdrawing it.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, inOrganisation, nothing } from "./shapes.ts";

export const grantedRoles = [
  "system-administrator",
  "authority-administrator",
  "organisation-manager",
  "helpdesk",
] as const;

const holder = z
  .object({
    role: z.enum(grantedRoles),
    user: z.object({ id: id<"user">(), name: z.string(), username: z.string() }),
    livesHere: z
      .boolean()
      .describe("Whether the user is of this organisation, or works in it from another one."),
    canSignIn: z.boolean(),
    isLast: z
      .boolean()
      .describe("Nobody else who can sign in holds it here: the user is neither blocked nor disabled."),
    grantedAt: z.iso.datetime(),
    withdrawing: z
      .object({
        allowed: z.boolean(),
        rule: z.string().describe("The rule that decides, as of a verdict."),
        sentence: z.string(),
      })
      .describe("Whether the caller may withdraw it."),
  })
  .meta({ id: "RoleHolder", description: "Who holds a role in one place." });
export type RoleHolder = z.output<typeof holder>;

export const listRoleHolders = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/roles",
  summary:
    "Who holds which role in an organisation; of an office, who holds one in its authority or in the installation.",
  needs: "read-people",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: z.object({ holders: z.array(holder) }),
  refuses: ["organisation_not_found"],
});

/** Not `userId`: the user may live elsewhere than in the organisation that the path names. */
const ofHolder = z.object({
  organisationId: id<"organisation">(),
  role: z.enum(grantedRoles),
  holderId: id<"user">(),
});

export const grantRole = endpoint({
  method: "PUT",
  path: "/organisations/:organisationId/roles/:role/:holderId",
  summary:
    "Grants a role in an organisation; in an office that of the authority or of the installation. The user lives there or above: in the office of its authority, or of the installation. Whoever holds it already goes on holding it.",
  needs: "grant-role",
  params: ofHolder,
  query: nothing,
  body: nothing,
  reply: nothing,
  refuses: [
    "organisation_not_found",
    "user_not_found",
    "role_misplaced",
    "account_none",
    "account_deleted",
    "account_shut_out",
  ],
});

export const withdrawRole = endpoint({
  method: "DELETE",
  path: "/organisations/:organisationId/roles/:role/:holderId",
  summary:
    "Withdraws a role: from the next call on the user may do no more what it allowed. The last one who can sign in keeps it.",
  needs: "withdraw-role",
  params: ofHolder,
  query: nothing,
  body: nothing,
  reply: nothing,
  refuses: ["organisation_not_found", "role_not_held"],
});
