// What answers for the links of mails: only what one is for. What they do belongs to the nouns that sent them.

import { links } from "@lockstep/api";

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import { lookAtLink } from "./commands.ts";

export function linkRoutes(parts: { readonly database: Database; readonly clock: Clock }): Route[] {
  return [
    route(links.showLink, async ({ body }) => {
      const { purpose, username, organisation, expiresAt } = await lookAtLink(parts, body.secret);
      return { purpose, username, organisation, expiresAt };
    }),
  ];
}
