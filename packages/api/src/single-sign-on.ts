// Signing in by an organisation's own provider (OpenID Connect) on the wire, and how that provider is reached.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { me } from "./sessions.ts";
import { inOrganisation, name, nothing, ofUser, revision } from "./shapes.ts";

/** Pages of the console stand where short names do. */
const taken = ["return", "by-organisation"];

export const shortName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, "expected letters, digits and hyphens")
  .refine((text) => !taken.includes(text), "expected another one: the console has a page there")
  .describe("By what people say which provider they mean: a part of an address.");

export const singleSignOnClaims = ["preferred_username", "email"] as const;

const issuer = z
  .url({ protocol: /^https?$/, error: "expected an address such as https://login.example.org" })
  .max(500)
  .describe("As the provider writes it itself.");

const settings = {
  name: name.describe("What the provider is called, on the button too."),
  shortName,
  issuer,
  clientId: z.string().trim().min(1).max(500),
  claim: z
    .enum(singleSignOnClaims)
    .describe(
      "Which claim must be the username when somebody comes for the first time; a mail address must be verified.",
    ),
  isOn: z.boolean().describe("Whether it lets anybody in."),
};

const singleSignOn = z
  .object({
    connection: z.object(settings).nullable().describe("Null without one."),
    returnAddress: z.string().describe("To be registered with the provider, exactly so."),
    linked: z.int().describe("How many users have come by it."),
    revision,
  })
  .meta({
    id: "SingleSignOn",
    description: "The provider by which people of an organisation sign in. Its secret is never shown.",
  });
export type SingleSignOn = z.output<typeof singleSignOn>;

export const showSingleSignOn = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/single-sign-on",
  summary: "The provider by which people of the organisation sign in.",
  needs: "read-directory",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: singleSignOn,
  refuses: ["organisation_not_found"],
  revisionOf: (reply) => reply.revision,
});

const clientSecret = z
  .string()
  .min(1)
  .max(1000)
  .optional()
  .describe("Left out, the saved one stays, if it goes to the same issuer and client as before.");

export const setSingleSignOn = endpoint({
  method: "PUT",
  path: "/organisations/:organisationId/single-sign-on",
  summary:
    "Says by which provider people of the organisation sign in. With another issuer everybody is linked anew.",
  needs: "edit-single-sign-on",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({ ...settings, clientSecret }),
  reply: singleSignOn,
  refuses: [
    "organisation_not_found",
    "single_sign_on_settings_invalid",
    "single_sign_on_secret_required",
    "name_taken",
  ],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const removeSingleSignOn = endpoint({
  method: "DELETE",
  path: "/organisations/:organisationId/single-sign-on",
  summary: "Forgets the provider, and who everybody is there.",
  needs: "edit-single-sign-on",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: z.object({ unlinked: z.int() }),
  refuses: ["organisation_not_found", "single_sign_on_not_found"],
});

export const providerFailures = [
  "unreachable",
  "timed-out",
  "too-large",
  "not-private",
  "not-a-provider",
  "other-issuer",
  "no-code-flow",
  "no-signing-key",
] as const;
export type ProviderFailure = (typeof providerFailures)[number];

export const testSingleSignOn = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/single-sign-on/test",
  summary: "Asks a provider what it offers, and says what of that is used. Nothing is saved.",
  needs: "edit-single-sign-on",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({ issuer }),
  reply: z
    .object({
      failure: z
        .object({ code: z.enum(providerFailures), sentence: z.string() })
        .nullable()
        .describe("Why it cannot be used; null if it can."),
      found: z
        .object({
          authorizationAddress: z.string(),
          tokenAddress: z.string(),
          keys: z.int().describe("How many keys it signs with."),
          claims: z.array(z.string()).describe("Which claims it says that it gives; often it does not say."),
          hasPkce: z.boolean().describe("Whether it says that it binds codes to who asked for them."),
        })
        .nullable()
        .describe("Null where nothing was found."),
    })
    .meta({ id: "SingleSignOnTest", description: "What a provider says of itself." }),
  refuses: ["organisation_not_found"],
});

export const unlinkSingleSignOn = endpoint({
  method: "DELETE",
  path: "/organisations/:organisationId/users/:userId/single-sign-on",
  summary:
    "Forgets who a user is at the provider: whoever comes there next under the same name is the user from then on.",
  needs: "edit-single-sign-on",
  params: ofUser,
  query: nothing,
  body: nothing,
  reply: nothing,
  refuses: ["organisation_not_found", "user_not_found", "single_sign_on_not_linked"],
});

export const findSingleSignOn = endpoint({
  method: "GET",
  path: "/single-sign-on/:shortName",
  summary: "What the provider of a short name is called. It says nothing about anybody.",
  needs: "nothing",
  params: z.object({ shortName }),
  query: nothing,
  body: nothing,
  reply: z.object({ name: z.string() }),
  refuses: ["single_sign_on_not_found"],
});

export const startSingleSignOn = endpoint({
  method: "POST",
  path: "/single-sign-on",
  summary: "Begins to sign in by a provider: the browser gets a cookie, and goes to the address.",
  needs: "nothing",
  params: nothing,
  query: nothing,
  body: z.strictObject({ shortName }),
  reply: z.object({ address: z.string() }),
  refuses: ["single_sign_on_not_found", "single_sign_on_unreachable"],
});

export const finishSingleSignOn = endpoint({
  method: "POST",
  path: "/single-sign-on/return",
  summary:
    "Signs in with what the provider sent back, in the browser that began. Whoever has a second factor here is asked for it too.",
  needs: "nothing",
  params: nothing,
  query: nothing,
  body: z.strictObject({
    parameters: z.string().max(8000).describe("What stands behind the ? of the address that it led to."),
  }),
  reply: me,
  refuses: [
    "single_sign_on_failed",
    "single_sign_on_unknown",
    "single_sign_on_unreachable",
    "second_factor_needed",
    "account_blocked",
    "account_disabled",
    "account_pending",
    "organisation_disabled",
  ],
});
