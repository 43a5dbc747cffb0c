// People on the wire: adding, editing, moving and removing them, and what they should hold.

import { accounts, keyVersionUses } from "@lockstep/core";
import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import {
  email,
  id,
  inOrganisation,
  name,
  nothing,
  ofUser,
  origin,
  policyValue,
  revision,
  username,
} from "./shapes.ts";

export const user = z
  .object({
    id: id<"user">(),
    teamId: id<"team">(),
    username: z.string().describe("Unique over the installation. It never changes and is never given again."),
    name: z.string(),
    email: z.string().nullable(),
    account: z.enum(accounts).describe("`none` for who is known for encryption only and cannot sign in."),
    groupIds: z.array(id<"group">()).describe("The user's own encryption groups, besides those of the team."),
    licenceId: id<"licence">().nullable().describe("Whose seat the user holds; null without a seat."),
    revision,
  })
  .meta({ id: "User", description: "A person, as entered. What follows from it is the standing." });
export type User = z.output<typeof user>;

export const holdings = z
  .object({
    policy: z.array(
      z.object({
        setting: z.string(),
        value: policyValue,
        origin: origin.nullable().describe("The team that sets it; null for the product's default."),
      }),
    ),
    keys: z.array(
      z.object({
        id: id<"key">(),
        name: z.string(),
        versions: z.array(z.object({ version: z.int(), use: z.enum(keyVersionUses) })),
        origins: z
          .array(
            z.object({ group: z.object({ id: id<"group">(), name: z.string() }), team: origin.nullable() }),
          )
          .describe(
            "Every way in which the key comes: the group, and the team that gives it; null for the user's own.",
          ),
      }),
    ),
  })
  .meta({
    id: "Holdings",
    description: "Everything that holds for a team or a user, each with its origin.",
  });
export type Holdings = z.output<typeof holdings>;

export const addUser = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/users",
  summary: "Adds a person, without a licence and without an account.",
  needs: "edit-people",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({
    name,
    username,
    email: email.nullable().default(null),
    teamId: id<"team">().optional().describe("The root team if left out."),
  }),
  reply: user,
  refuses: ["organisation_not_found", "team_not_found", "username_taken"],
  revisionOf: (reply) => reply.revision,
  creates: true,
});

export const showUser = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/users/:userId",
  summary: "One person, as entered.",
  needs: "read-people",
  params: ofUser,
  query: nothing,
  body: nothing,
  reply: user,
  refuses: ["organisation_not_found", "user_not_found"],
  revisionOf: (reply) => reply.revision,
});

export const editUser = endpoint({
  method: "PATCH",
  path: "/organisations/:organisationId/users/:userId",
  summary: "Changes the name or the mail address of a person. The username never changes.",
  needs: "edit-people",
  params: ofUser,
  query: nothing,
  body: z.strictObject({ name: name.optional(), email: email.nullable().optional() }),
  reply: user,
  refuses: ["organisation_not_found", "user_not_found", "account_deleted"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const moveUsers = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/users/move",
  summary: "Moves some users to a team; what they should hold is then that team's.",
  needs: "move-people",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({ userIds: z.array(id<"user">()).min(1).max(5000), teamId: id<"team">() }),
  reply: z.object({ moved: z.int() }),
  refuses: ["organisation_not_found", "team_not_found", "user_not_found"],
});

export const removeUser = endpoint({
  method: "DELETE",
  path: "/organisations/:organisationId/users/:userId",
  summary:
    "Removes a user: the seat goes back, codes are void, own keys and the directory link are dropped, and every workstation is posted a wipe. Who has an account keeps it.",
  needs: "remove-people",
  params: ofUser,
  query: nothing,
  body: nothing,
  reply: nothing,
  refuses: ["organisation_not_found", "user_not_found"],
});

export const setUserGroups = endpoint({
  method: "PUT",
  path: "/organisations/:organisationId/users/:userId/groups",
  summary: "Replaces the user's own encryption groups.",
  needs: "edit-keys",
  params: ofUser,
  query: nothing,
  body: z.strictObject({ groupIds: z.array(id<"group">()).max(100) }),
  reply: user,
  refuses: ["organisation_not_found", "user_not_found", "account_deleted", "group_not_found"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const showUserHoldings = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/users/:userId/holdings",
  summary: "Every setting and key that a user should hold, each with its origin.",
  needs: "read-standing",
  params: ofUser,
  query: nothing,
  body: nothing,
  reply: holdings,
  refuses: ["organisation_not_found", "user_not_found"],
});
