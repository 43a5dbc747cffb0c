// The faults that `npm run faults` plants among second factors and single sign-on.

import type { Fault } from "./planted-faults.ts";

const secondFactors = "apps/server/src/second-factors";
const singleSignOn = "apps/server/src/single-sign-on";

export const signInFaults: readonly Fault[] = [
  {
    says: "in a stolen session passwords are guessed",
    file: "apps/server/src/sessions/reauthenticating.ts",
    find: "const account = ofSession(sessionId);",
    put: "const account = ofSession(`${sessionId} ${Math.random()}`);",
    tests: "apps/server/src/sessions/reauthenticating",
  },
  {
    says: "a code of the app is good twice",
    file: `${secondFactors}/store.ts`,
    find: "and id = ${factorId} and used_step < ${step}`);",
    put: "and id = ${factorId}`);",
    tests: secondFactors,
  },
  {
    says: "many guesses at once are not counted",
    file: "apps/server/src/sessions/store.ts",
    find: "and ${mayBeSignedIn} for no key update of u`",
    put: "and ${mayBeSignedIn}`",
    tests: secondFactors,
  },
  {
    says: "a second step outlives the password with which it began",
    file: `${secondFactors}/store.ts`,
    find: "and w.changed_at >= p.made_at",
    put: "and w.changed_at < p.made_at and false",
    tests: secondFactors,
  },
  {
    says: "a manager resets another manager's second factor",
    file: "packages/core/src/permissions.ts",
    find: 'grants: accountAdministrators, guards: ["not-self", "only-below"]',
    put: 'grants: accountAdministrators, guards: ["not-self"]',
    tests: secondFactors,
  },
  {
    says: "whoever must set up a second factor works without one",
    file: "apps/server/src/http/permission.ts",
    find: "caller.needsSecondFactor && endpoint.worksWithoutSecondFactor",
    put: "!caller.needsSecondFactor && false && endpoint.worksWithoutSecondFactor",
    tests: secondFactors,
  },
  {
    says: "somebody else with the same name at the provider comes in",
    file: `${singleSignOn}/commands/signing-in.ts`,
    find: 'return remembered !== "other";',
    put: 'return remembered !== "other" || change.at > new Date(0);',
    tests: singleSignOn,
  },
  {
    says: "whoever chooses the provider becomes an authority administrator",
    file: `${singleSignOn}/store.ts`,
    find: "r.organisation_id is not null and g.scope_id = g.organisation_id",
    put: "r.organisation_id is not null or g.scope_id = g.organisation_id",
    tests: singleSignOn,
  },
  {
    says: "what came back counts in another browser",
    file: `${singleSignOn}/attempt.ts`,
    find: 'createHmac("sha256", secretHash)',
    put: 'createHmac("sha256", secretHash.subarray(32))',
    tests: singleSignOn,
  },
  {
    says: "an unverified mail address signs somebody in",
    file: `${singleSignOn}/provider.ts`,
    find: 'claim === "email" && claims["email_verified"] !== true',
    put: 'claim === "email" && claims["email_verified"] === undefined',
    tests: singleSignOn,
  },
  {
    says: "whose second factor was reset hears nothing of it",
    file: `${secondFactors}/commands/reset.ts`,
    find: "    await tellOfFactorReset(change, userId);\n",
    put: "",
    tests: secondFactors,
  },
  {
    says: "after the provider one is led to another site",
    file: "apps/console/src/single-sign-on/wanted.ts",
    find: "parseReturn(keeper.getItem(key)) ??",
    put: "keeper.getItem(key) ??",
    tests: "apps/console/src/single-sign-on/wanted.test.ts",
  },
  {
    says: "an address with a tab in it leads to another site",
    file: "apps/console/src/sessions/entry.ts",
    find: 'return origin === nowhere && username === "" ? to : undefined;',
    put: "return /^\\/(?![/\\\\])/.test(to) && origin !== username ? to : undefined;",
    tests: "apps/console/src/sessions/entry.test.ts",
  },
  {
    says: "the client secret goes to whoever a manager names",
    file: `${singleSignOn}/commands/settings.ts`,
    find: "former === undefined || issuer !== former.issuer || clientId !== former.clientId",
    put: "former === undefined",
    tests: singleSignOn,
  },
];
