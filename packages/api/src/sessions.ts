// Setting up, signing in, and the tokens of programs, on the wire.

import { roles } from "@lockstep/core";
import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, name, nothing, password, username } from "./shapes.ts";

export const me = z
  .object({
    user: z.object({
      id: id<"user">(),
      organisationId: id<"organisation">(),
      name: z.string(),
      username: z.string(),
    }),
    roles: z.array(
      z.object({
        role: z.enum(roles),
        organisationId: id<"organisation">().describe(
          "Where it holds: an organisation, or the office of an authority or of the installation.",
        ),
        organisation: z.string(),
        authorityId: id<"authority">().nullable(),
      }),
    ),
    needsSecondFactor: z
      .boolean()
      .describe("Whether nothing can be done but to set up a second factor: the organisation requires one."),
    deletionDueAt: z.iso
      .datetime()
      .nullable()
      .describe("From when the system deletes the account, as its owner asked; null if nobody did."),
  })
  .meta({ id: "Me", description: "Who is signed in, and in which roles." });
export type Me = z.output<typeof me>;

export const showSetUp = endpoint({
  method: "GET",
  path: "/set-up",
  summary: "Whether this installation still waits for its first administrator.",
  needs: "nothing",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: z.object({ isNeeded: z.boolean() }),
  refuses: [],
});

export const setUp = endpoint({
  method: "POST",
  path: "/set-up",
  summary:
    "Makes the first administrator, who holds all three roles, with an authority and an organisation, and signs in.",
  needs: "nothing",
  params: nothing,
  query: nothing,
  body: z.strictObject({
    code: z.string().max(100).describe("From the line that the server printed when it started."),
    administrator: z.strictObject({ name, username, password }),
    organisation: z.strictObject({ name }),
    authority: z.strictObject({ name }).optional().describe("Named as the organisation if left out."),
  }),
  reply: me,
  refuses: [
    "set_up_done",
    "set_up_code_wrong",
    "password_guessable",
    "sign_in_busy",
    "root_key_missing",
    "root_key_wrong",
  ],
});

export const signIn = endpoint({
  method: "POST",
  path: "/session",
  summary: "Signs in with username and password; the session is a cookie that scripts cannot read.",
  needs: "nothing",
  params: nothing,
  query: nothing,
  body: z.strictObject({ username: z.string().max(200), password: z.string().max(1000) }),
  reply: me,
  refuses: [
    "sign_in_failed",
    "second_factor_needed",
    "account_blocked",
    "account_disabled",
    "account_pending",
    "organisation_disabled",
    "sign_in_locked",
    "sign_in_busy",
  ],
});

export const showSession = endpoint({
  method: "GET",
  path: "/session",
  summary: "Who is signed in, and in which roles.",
  needs: "sign-in",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: me,
  refuses: [],
  worksWithoutSecondFactor: true,
});

export const signOut = endpoint({
  method: "DELETE",
  path: "/session",
  summary: "Ends the session, or the token, that this call was made with.",
  needs: "sign-in",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: nothing,
  refuses: [],
  reads: true,
  worksWithoutSecondFactor: true,
});

export const changePassword = endpoint({
  method: "PUT",
  path: "/session/password",
  summary:
    "Changes the own password, which takes the former one. Every other session and token of the user ends, and a mail tells the user.",
  needs: "sign-in",
  params: nothing,
  query: nothing,
  body: z.strictObject({ current: z.string().max(1000), password }),
  reply: nothing,
  refuses: ["sign_in_failed", "password_guessable", "sign_in_locked", "sign_in_busy"],
});

const session = z
  .object({
    id: id<"session">(),
    name: z.string().describe("The browser and its system, as far as it says which."),
    madeAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    isThis: z.boolean().describe("It is the one that asks."),
  })
  .meta({ id: "Session", description: "A browser in which the caller is signed in." });
export type Session = z.output<typeof session>;

export const listSessions = endpoint({
  method: "GET",
  path: "/sessions",
  summary: "The browsers in which the caller is signed in, the one used last first. Nobody else sees them.",
  needs: "sign-in",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: z.object({ sessions: z.array(session) }),
  refuses: [],
});

export const endSession = endpoint({
  method: "DELETE",
  path: "/sessions/:sessionId",
  summary: "Signs the caller out in one browser at once.",
  needs: "sign-in",
  params: z.object({ sessionId: id<"session">() }),
  query: nothing,
  body: nothing,
  reply: nothing,
  refuses: ["session_not_found"],
});

export const endOtherSessions = endpoint({
  method: "DELETE",
  path: "/sessions",
  summary: "Signs the caller out in every browser but the one that asks. Tokens stay.",
  needs: "sign-in",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: z.object({ ended: z.int() }),
  refuses: [],
});

export const tokenScopes = ["everything", "reading"] as const;
export type TokenScope = (typeof tokenScopes)[number];

const tokenScope = z
  .enum(tokenScopes)
  .describe("What can be done with it: everything that its user may, or reading alone.");

const token = z
  .object({
    id: id<"session">(),
    name: z.string(),
    scope: tokenScope,
    madeAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: "Token", description: "With it a program works as the user who made it." });
export type Token = z.output<typeof token>;

export const listTokens = endpoint({
  method: "GET",
  path: "/tokens",
  summary: "The caller's own tokens, newest first.",
  needs: "sign-in",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: z.object({ tokens: z.array(token) }),
  refuses: [],
});

export const makeToken = endpoint({
  method: "POST",
  path: "/tokens",
  summary:
    "Makes a token with which a program works as the caller, or reads as the caller. It is shown this once.",
  needs: "sign-in",
  params: nothing,
  query: nothing,
  body: z.strictObject({
    name,
    scope: tokenScope.default("everything"),
    days: z
      .int()
      .min(1)
      .max(366)
      .optional()
      .describe(
        "How many days from now it holds; if left out 90, or as long as the token that the call is made with.",
      ),
  }),
  reply: z.object({
    token,
    secret: z.string().describe("Goes into the header `Authorization: Bearer …`. It is shown this once."),
  }),
  refuses: ["token_outlives_own"],
});

export const endToken = endpoint({
  method: "DELETE",
  path: "/tokens/:tokenId",
  summary: "Ends one of the caller's own tokens at once.",
  needs: "sign-in",
  params: z.object({ tokenId: id<"session">() }),
  query: nothing,
  body: nothing,
  reply: nothing,
  refuses: ["token_not_found"],
});
