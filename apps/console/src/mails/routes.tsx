// The address of the mails' room.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { early, root } from "../frame.tsx";
import { parseMailsSearch } from "./address.ts";
import { mailServerQuery, mailsQuery } from "./queries.ts";

const mails = createRoute({
  getParentRoute: () => root,
  path: "/installation/mails",
  validateSearch: parseMailsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps: { state } }) => {
    early(queries.query(mailServerQuery()));
    early(queries.query(mailsQuery(state)));
  },
  component: lazyRouteComponent(() => import("./MailsPage.tsx"), "MailsPage"),
});

export const mailRoutes = [mails] as const;
