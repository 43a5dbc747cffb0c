// Accounts on the wire: how one stands, blocking and unblocking it, and the rules of an organisation for that.

import { accounts, roles } from "@lockstep/core";
import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { mailKinds, mailLanguages, mailStates } from "./mails.ts";
import { inOrganisation, line, nothing, ofUser, revision } from "./shapes.ts";
import { accountStatus } from "./standing.ts";

const block = z
  .object({
    at: z.iso.datetime(),
    by: z.string().nullable().describe("Who set it; null where that is not known."),
    role: z.enum(roles).nullable().describe("The highest role in which it was set or changed."),
    reason: z.string().nullable().describe("For administrators alone: null for the user."),
    userReason: z.string().nullable().describe("What the user is told after the right password."),
    until: z.iso.datetime().nullable().describe("When it ends by itself; null for one that does not."),
    liftedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "Block", description: "Why and by whom an account was blocked." });

export const account = z
  .object({
    status: accountStatus,
    account: z.enum(accounts),
    block: block.nullable().describe("The block that stands."),
    formerBlocks: z.array(block).describe("The latest that were lifted, newest first."),
    disabledAt: z.iso.datetime().nullable().describe("Since when it is disabled for inactivity."),
    activeAt: z.iso
      .datetime()
      .nullable()
      .describe("From when days without activity count; null for who has no account in use."),
    disabledOn: z.iso
      .datetime()
      .nullable()
      .describe("When the system disables it if nothing is done with it; null for one that it will not."),
    warnedAt: z.iso.datetime().nullable().describe("When the user was first warned of that."),
    undelivered: z
      .array(z.object({ postedAt: z.iso.datetime(), failure: z.string() }))
      .describe(
        "Warnings of that, since the last activity, which did not reach the user, and why; newest first.",
      ),
    exemption: z.string().nullable().describe("Why the system never disables it; null if it may."),
    signInLockedUntil: z.iso
      .datetime()
      .nullable()
      .describe(
        "Until when too many wrong passwords keep browsers out in which nobody has signed in to it before; a condition that ends by itself.",
      ),
    deletion: z
      .object({
        requestedAt: z.iso.datetime(),
        dueAt: z.iso.datetime().describe("Until then it can be withdrawn."),
      })
      .nullable()
      .describe("Since when its owner wants it deleted; null if that is not wanted."),
    mail: z
      .object({
        kind: z.enum(mailKinds),
        state: z.enum(mailStates),
        postedAt: z.iso.datetime(),
        failure: z.string().nullable().describe("Why it did not go out when it was tried last."),
      })
      .nullable()
      .describe("The latest mail to the user; null if there was none."),
  })
  .meta({ id: "Account", description: "The right of one user to sign in, and what stands in its way." });
export type Account = z.output<typeof account>;

export const showAccount = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/users/:userId/account",
  summary:
    "How the account of one user stands: blocked by whom and why, disabled since when, last active when.",
  needs: "read-people",
  params: ofUser,
  query: nothing,
  body: nothing,
  reply: account,
  refuses: ["organisation_not_found", "user_not_found"],
});

export const blockAccount = endpoint({
  method: "PUT",
  path: "/organisations/:organisationId/users/:userId/block",
  summary:
    "Blocks an account: at once its sessions and tokens end, its activation codes are void, and its workstations are posted a lock. One that is blocked gets the new reasons and end.",
  needs: "block-account",
  params: ofUser,
  query: nothing,
  body: z.strictObject({
    reason: line.describe("For administrators."),
    userReason: line.nullable().default(null).describe("For the user, after the right password."),
    until: z.iso.datetime().nullable().default(null).describe("When it ends by itself."),
  }),
  reply: account,
  refuses: [
    "organisation_not_found",
    "user_not_found",
    "account_none",
    "account_deleted",
    "block_ends_in_the_past",
  ],
});

export const unblockAccount = endpoint({
  method: "DELETE",
  path: "/organisations/:organisationId/users/:userId/block",
  summary:
    "Unblocks an account, which also enables it: the days without activity count from zero, and its workstations are posted the unlock. Who was never activated is pending again.",
  needs: "unblock-account",
  params: ofUser,
  query: nothing,
  body: nothing,
  reply: account,
  refuses: [
    "organisation_not_found",
    "user_not_found",
    "account_none",
    "account_deleted",
    "account_not_blocked",
  ],
});

export const unblockingRules = ["compatible", "strict"] as const;

export const secondFactorRules = ["optional", "required"] as const;
export const singleSignOnRules = ["users", "managers"] as const;

/** From a month to two years. */
export const inactiveDays = z.int().min(30).max(730);

export const digests = ["off", "daily", "weekly"] as const;

export const accountRules = z
  .object({
    unblocking: z
      .enum(unblockingRules)
      .describe(
        "Who may change or lift a block: everybody who may block, or nobody below the role in which it was set.",
      ),
    inactiveDays: z.int().describe("An account is disabled after more than so many days without activity."),
    mailLanguage: z.enum(mailLanguages).describe("In which its people get their mails."),
    digest: z
      .enum(digests)
      .describe("How often its managers are told by mail what waits for them, if anything."),
    secondFactor: z
      .enum(secondFactorRules)
      .describe("Required: whoever is signed in without one can only set one up."),
    singleSignOnFor: z
      .enum(singleSignOnRules)
      .describe(
        "Who may sign in by the organisation's provider: users without a role, or also its managers and helpdesk. Nobody whose role reaches further.",
      ),
    revision,
  })
  .meta({
    id: "AccountRules",
    description: "What an organisation decides about the accounts of its people.",
  });
export type AccountRules = z.output<typeof accountRules>;

export const showAccountRules = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/account-rules",
  summary: "The rules of an organisation for accounts.",
  needs: "read-teams",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: accountRules,
  refuses: ["organisation_not_found"],
  revisionOf: (reply) => reply.revision,
});

export const setAccountRules = endpoint({
  method: "PATCH",
  path: "/organisations/:organisationId/account-rules",
  summary: "Changes the rules of an organisation for accounts. What is left out stays.",
  needs: "edit-account-rules",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({
    unblocking: z.enum(unblockingRules).optional(),
    inactiveDays: inactiveDays.optional(),
    mailLanguage: z.enum(mailLanguages).optional(),
    digest: z.enum(digests).optional(),
    secondFactor: z.enum(secondFactorRules).optional(),
    singleSignOnFor: z.enum(singleSignOnRules).optional(),
  }),
  reply: accountRules,
  refuses: ["organisation_not_found"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});
