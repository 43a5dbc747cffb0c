// Can I? Whether somebody may do something to a user, which rule decides, and what would follow.

import { actions, roles } from "@lockstep/core";
import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, nothing, ofUser } from "./shapes.ts";
import { accountStatus, encryptionStatus, step } from "./standing.ts";

export const verdict = z
  .object({
    allowed: z.boolean(),
    rule: z
      .string()
      .describe(
        "What decides: `granted`, a rule of the permission matrix, `cannot-sign-in`, or the code of the refusal that the state of the account gives.",
      ),
    sentence: z.string(),
    role: z.enum(roles).nullable().describe("In which of the actor's roles."),
    standing: z
      .object({ encryption: encryptionStatus, account: accountStatus, next: z.array(step) })
      .nullable()
      .describe("What follows, where the action changes the account; null where nothing would."),
  })
  .meta({
    id: "Verdict",
    description: "Whether an action is allowed, why or why not, and what would follow.",
  });
export type Verdict = z.output<typeof verdict>;

export const showVerdict = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/users/:userId/verdict",
  summary: "Whether somebody may do something to a user: the rule that decides, and what would follow.",
  needs: "read-standing",
  params: ofUser,
  query: z.strictObject({
    action: z.enum(actions),
    actor: id<"user">().optional().describe("Who would do it; the caller if left out."),
    actorOrganisation: id<"organisation">()
      .optional()
      .describe("Where that user lives; the organisation of the path if left out."),
  }),
  body: nothing,
  reply: verdict,
  refuses: ["organisation_not_found", "user_not_found"],
});
