// What answers for passwords: another one for who knows the former, and for who has forgotten it.

import { passwords, sessions } from "@lockstep/api";

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import { changePassword } from "./commands/change.ts";
import { askForPassword } from "./commands/forgotten.ts";

interface Parts {
  readonly database: Database;
  readonly clock: Clock;
  /** A mail was posted, or asked for. */
  readonly onMail: () => void;
}

export function passwordRoutes({ onMail, ...around }: Parts): Route[] {
  return [
    route(passwords.askForPassword, async ({ body }) => {
      await askForPassword(around, body.username);
      onMail();
      return {};
    }),
    route(sessions.changePassword, async ({ caller, writing, body, cookie }) => {
      const { owner, sessionId, token } = caller;
      const browser = await changePassword(writing, owner, { ...body, sessionId });
      if (token === null) cookie.remember(browser);
      onMail();
      return {};
    }),
  ];
}
