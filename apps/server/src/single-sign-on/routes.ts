// What answers for single sign-on: its settings, and signing in by it.

import { singleSignOn, type SingleSignOn } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";

import { route, type Route } from "../http/route.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { Refusal } from "../refusal.ts";
import { removeSingleSignOn, setSingleSignOn, tryProvider, unlinkSingleSignOn } from "./commands/settings.ts";
import {
  findProvider,
  finishSingleSignOn,
  returnAddressAt,
  startSingleSignOn,
  type Parts,
} from "./commands/signing-in.ts";
import { Providers } from "./providers.ts";
import { countLinks, findConnection, firstRevision } from "./store.ts";

interface Surroundings extends Omit<Parts, "providers"> {
  readonly keyEncryption: KeyEncryption;
  /** For development: also providers on this machine without TLS. */
  readonly onLoopback: boolean;
}

export function singleSignOnRoutes(around: Surroundings): Route[] {
  const providers = new Providers(around.keyEncryption, around);
  return [...settingRoutes(around), ...signInRoutes({ ...around, providers })];
}

function settingRoutes({ database, keyEncryption, onLoopback, origin }: Surroundings): Route[] {
  const show = (organisationId: OrganisationId): Promise<SingleSignOn> =>
    database.snapshot(async (snapshot) => {
      const found = await findConnection(snapshot, organisationId);
      const linked = await countLinks(snapshot, organisationId);
      const returnAddress = returnAddressAt(origin());
      if (found === undefined) return { connection: null, returnAddress, linked, revision: firstRevision };
      const { name, shortName, issuer, clientId, claim, isOn, revision } = found;
      const connection = { name, shortName, issuer, clientId, claim, isOn };
      return { connection, returnAddress, linked, revision };
    });
  return [
    route(singleSignOn.showSingleSignOn, ({ params }) => show(params.organisationId)),
    route(singleSignOn.setSingleSignOn, async ({ writing, params: { organisationId }, body, match }) => {
      const edited = { revision: match, given: body };
      await setSingleSignOn({ writing, keyEncryption, onLoopback }, organisationId, edited);
      return show(organisationId);
    }),
    route(singleSignOn.removeSingleSignOn, async ({ writing, params }) => ({
      unlinked: await removeSingleSignOn(writing, params.organisationId),
    })),
    route(singleSignOn.testSingleSignOn, ({ body }) => tryProvider(body.issuer, { onLoopback })),
    route(singleSignOn.unlinkSingleSignOn, async ({ writing, params: { organisationId, userId } }) => {
      await unlinkSingleSignOn(writing, organisationId, userId);
      return {};
    }),
  ];
}

function signInRoutes(parts: Parts): Route[] {
  return [
    route(singleSignOn.findSingleSignOn, async ({ params }) => {
      const { name } = await findProvider(parts, params.shortName);
      return { name };
    }),
    route(singleSignOn.startSingleSignOn, async ({ body, held }) => {
      const { address, attempt } = await startSingleSignOn(parts, body.shortName);
      held["single-sign-on"].begin(attempt);
      return { address };
    }),
    route(singleSignOn.finishSingleSignOn, async ({ body: { parameters }, cookie, held, agent }) => {
      const attempt = held["single-sign-on"];
      // Good for one answer, whatever that is.
      attempt.end();
      const from = { known: cookie.known, agent };
      const begun = await finishSingleSignOn(parts, { secret: attempt.value, parameters, from });
      if ("asked" in begun) {
        held["second-step"].begin(begun.asked);
        throw new Refusal("second_factor_needed");
      }
      cookie.begin(begun);
      cookie.remember(begun.browser);
      return begun.me;
    }),
  ];
}
