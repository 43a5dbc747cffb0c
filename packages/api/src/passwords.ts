// A forgotten password on the wire: asked for by username, chosen anew with the link of a mail.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { linkSecret } from "./links.ts";
import { nothing, password } from "./shapes.ts";

export const askForPassword = endpoint({
  method: "POST",
  path: "/account/password/mail",
  summary:
    "Asks, by username, for the mail with which a forgotten password is chosen anew. The answer is the same whoever has the name, if anybody. Who is pending gets the mail that activates the account, who is disabled the one that enables it again, and who is blocked is told whom to ask.",
  needs: "nothing",
  params: nothing,
  query: nothing,
  body: z.strictObject({ username: z.string().trim().toLowerCase().min(1).max(200) }),
  reply: nothing,
  refuses: [],
});

export const resetPassword = endpoint({
  method: "POST",
  path: "/account/password",
  summary:
    "Sets another password for the account that a link was sent for. Every session and token of the user ends; this browser is known from now on, and nobody is signed in by it.",
  needs: "nothing",
  params: nothing,
  query: nothing,
  body: z.strictObject({ secret: linkSecret, password }),
  reply: nothing,
  refuses: ["link_not_found", "organisation_disabled", "password_guessable", "sign_in_busy"],
});
