// Second factors on the wire: setting one up, proving it when signing in, and who takes one away.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { me } from "./sessions.ts";
import { nothing, ofUser, ownPassword, ownPasswordRefuses } from "./shapes.ts";

/** Spaces and hyphens are how people write codes down. */
const code = z
  .string()
  .max(40)
  .transform((text) => text.replace(/[\s-]+/g, ""))
  .pipe(z.string().min(1))
  .describe("Six digits of the app, or a recovery code; spaces and hyphens do not count.");

const recoveryCodes = z
  .array(z.string())
  .describe("Each stands once for a code of the app. They are shown this once.");

const secondFactor = z
  .object({
    since: z.iso.datetime().nullable().describe("When it was set up; null without one."),
    recoveryCodes: z.int().describe("How many are left."),
    isRequired: z.boolean().describe("Whether the organisation lets nobody work without one."),
    hasPassword: z.boolean().describe("Whether the own password is asked for before anything is changed."),
  })
  .meta({ id: "SecondFactor", description: "The authenticator app of the caller." });
export type SecondFactor = z.output<typeof secondFactor>;

export const showSecondFactor = endpoint({
  method: "GET",
  path: "/session/second-factor",
  summary: "Whether the caller has a second factor.",
  needs: "sign-in",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: secondFactor,
  refuses: [],
  worksWithoutSecondFactor: true,
});

export const startSecondFactor = endpoint({
  method: "POST",
  path: "/session/second-factor",
  summary:
    "Makes the secret that an authenticator app is given. It counts for nothing until it is confirmed.",
  needs: "sign-in",
  params: nothing,
  query: nothing,
  body: z.strictObject({ password: ownPassword }),
  reply: z.object({
    secret: z.string().describe("In base32, to be typed where there is no camera."),
    address: z.string().describe("The same as an otpauth address, to be shown as a QR code."),
  }),
  refuses: [...ownPasswordRefuses, "second_factor_set"],
  worksWithoutSecondFactor: true,
});

export const confirmSecondFactor = endpoint({
  method: "POST",
  path: "/session/second-factor/confirmation",
  summary:
    "Confirms with a first code that the app has the secret: from now on signing in asks for one. Every other session of the caller ends.",
  needs: "sign-in",
  params: nothing,
  query: nothing,
  body: z.strictObject({ code }),
  reply: z.object({ recoveryCodes }),
  refuses: ["second_factor_wrong", "second_factor_wait", "second_factor_set", "second_factor_missing"],
  worksWithoutSecondFactor: true,
});

const proven = z.strictObject({ password: ownPassword, code });
const provenRefuses = [
  ...ownPasswordRefuses,
  "second_factor_wrong",
  "second_factor_wait",
  "second_factor_missing",
] as const;

export const replaceRecoveryCodes = endpoint({
  method: "POST",
  path: "/session/second-factor/recovery-codes",
  summary: "Makes ten new recovery codes. The former ones are void.",
  needs: "sign-in",
  params: nothing,
  query: nothing,
  body: proven,
  reply: z.object({ recoveryCodes }),
  refuses: provenRefuses,
});

export const endSecondFactor = endpoint({
  method: "POST",
  path: "/session/second-factor/end",
  summary: "Switches the own second factor off.",
  needs: "sign-in",
  params: nothing,
  query: nothing,
  body: proven,
  reply: nothing,
  refuses: provenRefuses,
});

export const proveSecondFactor = endpoint({
  method: "POST",
  path: "/session/second-step",
  summary:
    "The second step of signing in, after `second_factor_needed`: the code. The cookie of the first step says whose, for five minutes.",
  needs: "nothing",
  params: nothing,
  query: nothing,
  body: z.strictObject({ code }),
  reply: me,
  refuses: [
    "second_factor_wrong",
    "second_factor_wait",
    "second_step_ended",
    "account_blocked",
    "account_disabled",
    "account_pending",
    "organisation_disabled",
  ],
});

export const showSignInWays = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/users/:userId/sign-in-ways",
  summary: "With what a user signs in beside the password: a second factor, and an account at the provider.",
  needs: "read-people",
  params: ofUser,
  query: nothing,
  body: nothing,
  reply: z
    .object({
      secondFactor: z.object({ since: z.iso.datetime() }).nullable().describe("Null without one."),
      singleSignOn: z
        .object({ issuer: z.string(), subject: z.string(), since: z.iso.datetime() })
        .nullable()
        .describe("Who the user is at the provider; null for who never came by it."),
    })
    .meta({ id: "SignInWays", description: "With what a user signs in beside the password." }),
  refuses: ["organisation_not_found", "user_not_found"],
});

export const resetSecondFactor = endpoint({
  method: "DELETE",
  path: "/organisations/:organisationId/users/:userId/second-factor",
  summary:
    "Takes a second factor away from somebody who has lost it, and ends every session. Only somebody who stands above the user does this.",
  needs: "reset-second-factor",
  params: ofUser,
  query: nothing,
  body: nothing,
  reply: nothing,
  refuses: ["organisation_not_found", "user_not_found", "second_factor_missing"],
});
