// What answers for setting up, signing in and tokens.

import { sessions } from "@lockstep/api";

import { route, type Cookie, type Route } from "../http/route.ts";
import { Refusal } from "../refusal.ts";
import type { RootMaking } from "../roots/commands.ts";
import { endSession, signIn, type Begun } from "./commands.ts";
import type { Signing } from "./owner.ts";
import type { Owner } from "./owner.ts";
import { idleMilliseconds } from "./gate.ts";
import { gatherMe } from "./me.ts";
import { listOpenSessions } from "./open/store.ts";
import { isSetUpNeeded, setUp, type SetUpCode } from "./set-up.ts";
import { listTokens } from "./store.ts";
import { endOpenSession, endOtherSessions, endToken, makeToken } from "./tokens.ts";

interface Parts extends Signing {
  readonly setUpCode: SetUpCode;
  readonly making: RootMaking;
}

export function sessionRoutes(parts: Parts): Route[] {
  return [...doorRoutes(parts), ...ownRoutes(parts), ...tokenRoutes(parts)];
}

function doorRoutes({ setUpCode: code, making, ...signing }: Parts): Route[] {
  const begin = async (begun: Owner & Begun, cookie: Cookie) => {
    cookie.begin(begun);
    return gatherMe(signing, begun);
  };
  return [
    route(sessions.showSetUp, async () => ({ isNeeded: await isSetUpNeeded(signing) })),
    route(sessions.setUp, async ({ body, cookie, agent }) => {
      if (!(await isSetUpNeeded(signing))) throw new Refusal("set_up_done");
      if (!code.isRight(body.code)) throw new Refusal("set_up_code_wrong");
      const { administrator, organisation, authority = organisation } = body;
      const first = { administrator, organisation, authority, agent };
      return begin(await setUp({ ...signing, ...making }, first), cookie);
    }),
    route(sessions.signIn, async ({ body, cookie, held, agent }) => {
      const begun = await signIn({ ...signing, ...making }, { ...body, known: cookie.known, agent });
      if ("asked" in begun) {
        held["second-step"].begin(begun.asked);
        throw new Refusal("second_factor_needed");
      }
      const me = await begin(begun, cookie);
      cookie.remember(begun.browser);
      return me;
    }),
    route(sessions.showSession, ({ caller }) => gatherMe(signing, caller.owner, caller.needsSecondFactor)),
    route(sessions.signOut, async ({ caller, cookie }) => {
      await endSession(signing, caller.owner.organisationId, caller.sessionId);
      cookie.end();
      return {};
    }),
  ];
}

/** What everybody does with the own account, and nobody with another one. */
function ownRoutes({ database, clock }: Parts): Route[] {
  return [
    route(sessions.listSessions, async ({ caller: { owner, sessionId } }) => {
      const at = clock();
      const idleSince = new Date(at.getTime() - idleMilliseconds);
      const open = await database.read((reader) => listOpenSessions(reader, owner, { at, idleSince }));
      return { sessions: open.map((each) => ({ ...each, isThis: each.id === sessionId })) };
    }),
    route(sessions.endSession, async ({ caller, writing, params }) => {
      await endOpenSession(writing, caller.owner, params.sessionId);
      return {};
    }),
    route(sessions.endOtherSessions, async ({ caller, writing }) => ({
      ended: await endOtherSessions(writing, caller.owner, caller.sessionId),
    })),
  ];
}

function tokenRoutes({ database, clock }: Parts): Route[] {
  return [
    route(sessions.listTokens, ({ caller: { owner } }) =>
      database.snapshot(async (snapshot) => ({
        tokens: await listTokens(snapshot, owner.organisationId, owner.userId, clock()),
      })),
    ),
    route(sessions.makeToken, ({ caller, writing, body }) => makeToken(writing, caller, body)),
    route(sessions.endToken, async ({ caller, writing, params }) => {
      await endToken(writing, caller.owner, params.tokenId);
      return {};
    }),
  ];
}
