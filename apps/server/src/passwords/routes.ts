// What answers for passwords that were forgotten.

import { passwords } from "@lockstep/api";

import { resetPassword } from "../accounts/commands/by-link.ts";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
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
    route(passwords.resetPassword, async ({ body, cookie }) => {
      cookie.remember(await resetPassword(around, body));
      onMail();
      return {};
    }),
  ];
}
