// What answers for second factors: the own one, the second step of signing in, and those of others.

import { secondFactors } from "@lockstep/api";

import { route, type Route } from "../http/route.ts";
import {
  confirmSecondFactor,
  endSecondFactor,
  replaceRecoveryCodes,
  showSecondFactor,
  startSecondFactor,
  type Parts,
} from "./commands/own.ts";
import { resetSecondFactor } from "./commands/reset.ts";
import { proveSecondFactor } from "./commands/second-step.ts";
import { showSignInWays } from "./shown.ts";

interface Surroundings extends Parts {
  /** A mail was posted. */
  readonly onMail: () => void;
}

export function secondFactorRoutes({ onMail, ...parts }: Surroundings): Route[] {
  return [
    route(secondFactors.proveSecondFactor, async ({ body: { code }, cookie, held, agent }) => {
      const step = held["second-step"];
      const from = { known: cookie.known, agent };
      const { begun, me } = await proveSecondFactor(parts, { secret: step.value, code, from });
      step.end();
      cookie.begin(begun);
      cookie.remember(begun.browser);
      return me;
    }),
    route(secondFactors.showSecondFactor, ({ caller: { owner } }) => showSecondFactor(parts, owner)),
    route(secondFactors.startSecondFactor, ({ caller, body }) =>
      startSecondFactor(parts, { ...caller, ...body }),
    ),
    route(secondFactors.confirmSecondFactor, async ({ caller, body }) => ({
      recoveryCodes: await confirmSecondFactor(parts, { ...caller, ...body }),
    })),
    route(secondFactors.replaceRecoveryCodes, async ({ caller, body }) => ({
      recoveryCodes: await replaceRecoveryCodes(parts, { ...caller, ...body }),
    })),
    route(secondFactors.endSecondFactor, async ({ caller, body }) => {
      await endSecondFactor(parts, { ...caller, ...body });
      return {};
    }),
    route(secondFactors.showSignInWays, ({ params }) => showSignInWays(parts, params)),
    route(secondFactors.resetSecondFactor, async ({ writing, caller: { actors }, params }) => {
      await resetSecondFactor({ writing, actors }, params.organisationId, params.userId);
      onMail();
      return {};
    }),
  ];
}
