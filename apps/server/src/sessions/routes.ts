// What answers for setting up, signing in and tokens.

import { sessions, type Me } from "@lockstep/api";

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
import { isSetUpNeeded, setUp, type SetUpCode } from "./set-up.ts";
import { findSignedIn, listTokens } from "./store.ts";

export function sessionRoutes(signing: Signing, code: SetUpCode, making: RootMaking): Route[] {
  const { database, clock } = signing;
  const begin = async (begun: Owner & Begun, cookie: Cookie) => {
    cookie.begin(begun);
    return showMe(signing, begun);
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
    route(sessions.signIn, async ({ body, cookie }) =>
      begin(await signIn({ ...signing, ...making }, body), cookie),
    ),
    route(sessions.showSession, ({ caller }) => showMe(signing, caller.owner)),
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

async function showMe({ database }: Signing, { organisationId, userId }: Owner): Promise<Me> {
  const found = await database.snapshot((snapshot) => findSignedIn(snapshot, organisationId, userId));
  // Between the gate and here the account was blocked.
  if (found === undefined) throw new Refusal("sign_in_required");
  const { user, grants } = found;
  const everybody = {
    role: "user" as const,
    organisationId: user.organisationId,
    organisation: user.organisation,
    authorityId: user.authorityId,
  };
  return { user, roles: [everybody, ...grants] };
}
