// Who holds which role in an organisation, an authority or the installation, on the wire.

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
