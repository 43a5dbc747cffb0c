// How somebody gets an account on the wire: invited by mail, activated with a link, and enabled again with another.

import { z } from "zod";

import { account } from "./accounts.ts";
import { endpoint } from "./endpoint.ts";
import { linkSecret } from "./links.ts";
import { nothing, ofUser, password } from "./shapes.ts";

const invitation = "/organisations/:organisationId/users/:userId/invitation";

export const inviteAccount = endpoint({
  method: "POST",
  path: invitation,
  summary: "Gives a person an account, which is pending, and posts the mail with which it is activated.",
  needs: "invite-account",
  params: ofUser,
  query: nothing,
  body: nothing,
  reply: account,
  refuses: ["organisation_not_found", "user_not_found", "account_exists", "account_deleted", "email_missing"],
});

export const resendInvitation = endpoint({
  method: "POST",
  path: `${invitation}/mail`,
  summary:
    "Posts another mail with which a pending account is activated. The link of the former one is void.",
  needs: "resend-invitation",
  params: ofUser,
  query: nothing,
  body: nothing,
  reply: account,
  refuses: [
    "organisation_not_found",
    "user_not_found",
    "account_none",
    "account_not_pending",
    "account_blocked",
    "account_deleted",
    "email_missing",
  ],
});

export const withdrawInvitation = endpoint({
  method: "DELETE",
  path: invitation,
  summary: "Takes back an account that was never activated: the person is known for encryption only again.",
  needs: "withdraw-invitation",
  params: ofUser,
  query: nothing,
  body: nothing,
  reply: account,
  refuses: [
    "organisation_not_found",
    "user_not_found",
    "account_none",
    "account_not_pending",
    "account_deleted",
  ],
});

export const activateAccount = endpoint({
  method: "POST",
  path: "/account/activation",
  summary: "Activates the account that a link was sent for, with a password of the user's choice.",
  needs: "nothing",
  params: nothing,
  query: nothing,
  body: z.strictObject({ secret: linkSecret, password }),
  reply: nothing,
  refuses: ["link_not_found", "organisation_disabled", "password_guessable", "sign_in_busy"],
});

export const askToReEnable = endpoint({
  method: "POST",
  path: "/account/re-enabling/mail",
  summary:
    "Asks for the mail that enables an account again. The answer is the same whoever has the name, if anybody; the mail goes to the address of the account if it was disabled for inactivity and is not blocked.",
  needs: "nothing",
  params: nothing,
  query: nothing,
  body: z.strictObject({ username: z.string().trim().toLowerCase().min(1).max(200) }),
  reply: nothing,
  refuses: [],
});

export const reEnableAccount = endpoint({
  method: "POST",
  path: "/account/re-enabling",
  summary: "Enables the account that a link was sent for; the days without activity count from zero.",
  needs: "nothing",
  params: nothing,
  query: nothing,
  body: z.strictObject({ secret: linkSecret }),
  reply: nothing,
  refuses: ["link_not_found", "organisation_disabled"],
});
