// The addresses of the pages for deletion.

import { parseId } from "@lockstep/core";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { early, found, organisation, root } from "../frame.tsx";
import { deletionPreviewQuery, deletionRequestsQuery } from "./queries.ts";

export const requestList = createRoute({
  getParentRoute: () => organisation,
  path: "/accounts/deletions",
  loader: ({ context: { queries }, params: { organisationId } }) =>
    early(queries.infiniteQuery(deletionRequestsQuery(organisationId))),
  component: lazyRouteComponent(() => import("./RequestsPage.tsx"), "RequestsPage"),
});

export const organisationDeletion = createRoute({
  getParentRoute: () => organisation,
  path: "/deletion",
  loader: ({ context: { queries }, params: { organisationId } }) =>
    early(queries.query(deletionPreviewQuery({ kind: "organisation", id: organisationId }))),
  component: lazyRouteComponent(() => import("./DeletionPage.tsx"), "OrganisationDeletionPage"),
});

export const authorityDeletion = createRoute({
  getParentRoute: () => root,
  path: "/authorities/$authorityId/deletion",
  params: {
    parse: ({ authorityId }) => found(() => ({ authorityId: parseId<"authority">(authorityId) })),
  },
  loader: ({ context: { queries }, params: { authorityId } }) =>
    early(queries.query(deletionPreviewQuery({ kind: "authority", id: authorityId }))),
  component: lazyRouteComponent(() => import("./DeletionPage.tsx"), "AuthorityDeletionPage"),
});
