// The addresses of the mails' room.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { early, found, root } from "../frame.tsx";
import { parseOrganisationSearch } from "../organisations/address.ts";
import { parseMailsSearch, parseTemplate } from "./address.ts";
import { mailServerQuery, mailsQuery, mailTemplateQuery, mailTemplatesQuery } from "./queries.ts";

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

const templates = createRoute({
  getParentRoute: () => root,
  path: "/installation/mails/words",
  validateSearch: parseOrganisationSearch,
  loader: ({ context: { queries } }) => early(queries.query(mailTemplatesQuery())),
  component: lazyRouteComponent(() => import("./TemplatesPage.tsx"), "TemplatesPage"),
});

const template = createRoute({
  getParentRoute: () => root,
  path: "/installation/mails/words/$kind/$language",
  params: { parse: (parameters) => found(() => parseTemplate(parameters)) },
  validateSearch: parseOrganisationSearch,
  loader: ({ context: { queries }, params }) => early(queries.query(mailTemplateQuery(params))),
  component: lazyRouteComponent(() => import("./TemplatePage.tsx"), "TemplatePage"),
});

export const mailRoutes = [mails, templates, template] as const;
