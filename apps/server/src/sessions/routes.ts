// What answers for setting up, signing in and tokens.

import { sessions } from "@lockstep/api";

import { route, type Cookie, type Route } from "../http/route.ts";
import { Refusal } from "../refusal.ts";
import type { RootMaking } from "../roots/commands.ts";
import {
  changePassword,
  endSession,
  endToken,
  makeToken,
  signIn,
  type Begun,
  type Owner,
  type Signing,
} from "./commands.ts";
import { gatherMe } from "./me.ts";
import { isSetUpNeeded, setUp, type SetUpCode } from "./set-up.ts";
import { listTokens } from "./store.ts";

export function sessionRoutes(signing: Signing, code: SetUpCode, making: RootMaking): Route[] {
  const { database, clock } = signing;
  const begin = async (begun: Owner & Begun, cookie: Cookie) => {
    cookie.begin(begun);
    return gatherMe(signing, begun);
  };
  return [
    route(sessions.showSetUp, async () => ({ isNeeded: await isSetUpNeeded(signing) })),
    route(sessions.setUp, async ({ body, cookie }) => {
      if (!(await isSetUpNeeded(signing))) throw new Refusal("set_up_done");
      if (!code.isRight(body.code)) throw new Refusal("set_up_code_wrong");
      const { administrator, organisation, authority = organisation } = body;
      const first = { administrator, organisation, authority };
      return begin(await setUp({ ...signing, ...making }, first), cookie);
    }),
    route(sessions.signIn, async ({ body, cookie, held }) => {
      const begun = await signIn({ ...signing, ...making }, body);
      if (!("asked" in begun)) return begin(begun, cookie);
      held["second-step"].begin(begun.asked);
      throw new Refusal("second_factor_needed");
    }),
    route(sessions.showSession, ({ caller }) => gatherMe(signing, caller.owner, caller.needsSecondFactor)),
    route(sessions.signOut, async ({ caller, cookie }) => {
      await endSession(signing, caller.owner.organisationId, caller.sessionId);
      cookie.end();
      return {};
    }),
    route(sessions.changePassword, async ({ caller, body }) => {
      await changePassword(signing, caller.owner, { ...body, sessionId: caller.sessionId });
      return {};
    }),
    route(sessions.listTokens, ({ caller: { owner } }) =>
      database.snapshot(async (snapshot) => ({
        tokens: await listTokens(snapshot, owner.organisationId, owner.userId, clock()),
      })),
    ),
    route(sessions.makeToken, ({ caller, body }) => makeToken(signing, caller.owner, body)),
    route(sessions.endToken, async ({ caller, params }) => {
      await endToken(signing, caller.owner, params.tokenId);
      return {};
    }),
  ];
}
