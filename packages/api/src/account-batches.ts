// Many accounts at once, on the wire: a plan or the deed, a verdict for each, and how far it is.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, inOrganisation, line, nothing } from "./shapes.ts";

const batch = z
  .object({
    id: id<"account-batch">(),
    action: z.enum(["block-account", "unblock-account", "resend-invitation"]),
    isDryRun: z.boolean(),
    users: z.int(),
    done: z.int().describe("How many were looked at so far."),
    changed: z.int().describe("How many of them were changed, or would be."),
    cancelled: z.int().describe("How many were left as they were because somebody stopped it."),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({
    id: "AccountBatch",
    description: "Accounts are blocked or unblocked, or invited again, one after the other.",
  });
export type AccountBatch = z.output<typeof batch>;

const these = {
  userIds: z.array(id<"user">()).min(1).max(5000).describe("Who is named twice counts once."),
  isDryRun: z.boolean().default(false).describe("Only says what would become of each."),
};

export const blockAccounts = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/users/block",
  summary:
    "Begins to block some accounts, one after the other; those that cannot be blocked are passed over.",
  needs: "block-account",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({
    ...these,
    reason: line,
    userReason: line.nullable().default(null),
    until: z.iso.datetime().nullable().default(null),
  }),
  reply: batch,
  refuses: ["organisation_not_found", "user_not_found", "block_ends_in_the_past"],
  creates: true,
});

export const unblockAccounts = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/users/unblock",
  summary:
    "Begins to unblock some accounts, one after the other; those that cannot be unblocked are passed over.",
  needs: "unblock-account",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject(these),
  reply: batch,
  refuses: ["organisation_not_found", "user_not_found"],
  creates: true,
});

export const resendInvitations = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/users/invitation-mail",
  summary:
    "Begins to post another activation mail to some pending accounts, one after the other; those that do not wait to be activated are passed over. The links of the former mails are void.",
  needs: "resend-invitation",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject(these),
  reply: batch,
  refuses: ["organisation_not_found", "user_not_found"],
  creates: true,
});

const ofBatch = inOrganisation.extend({ batchId: id<"account-batch">() });

export const showAccountBatch = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/account-batches/:batchId",
  summary: "How far it is.",
  needs: "read-people",
  params: ofBatch,
  query: nothing,
  body: nothing,
  reply: batch,
  refuses: ["organisation_not_found", "account_batch_not_found"],
});

export const cancelAccountBatch = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/account-batches/:batchId/cancel",
  summary:
    "Stops a batch: the accounts that it has not looked at yet stay as they are. One that has ended stays ended.",
  needs: "block-account",
  params: ofBatch,
  query: nothing,
  body: nothing,
  reply: batch,
  refuses: ["organisation_not_found", "account_batch_not_found"],
});

export const listAccountBatchRows = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/account-batches/:batchId/rows",
  summary: "What became of each account, in the order in which they were named.",
  needs: "read-people",
  params: ofBatch,
  query: z.strictObject({
    after: z.coerce.number().int().min(0).default(0).describe("The last row of the page before."),
    limit: z.coerce.number().int().min(1).max(1000).default(200),
  }),
  body: nothing,
  reply: z.object({
    rows: z.array(
      z.object({
        row: z.int(),
        user: z.object({ id: id<"user">(), name: z.string(), username: z.string() }),
        verdict: z
          .string()
          .nullable()
          .describe(
            "`done`, `would-be-done`, `cancelled`, or what stands against it: the code of a refusal or a rule of the permission matrix. Null until it was looked at.",
          ),
        sentence: z.string().nullable(),
      }),
    ),
  }),
  refuses: ["organisation_not_found", "account_batch_not_found"],
});
