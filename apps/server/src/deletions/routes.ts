// What answers for deletion: the own account by request, organisations and authorities by those who administer them.

import { deletions } from "@lockstep/api";

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { deleteAuthority, deleteOrganisation } from "./commands/organisation.ts";
import { requestDeletion } from "./commands/request.ts";
import { withdrawDeletion } from "./commands/withdraw.ts";
import { pageOfAuthority, pageOfOrganisation, previewAuthority, previewOrganisation } from "./preview.ts";
import type { Owner } from "../sessions/owner.ts";
import { gatherDeletions, gatherOwn, gatherRequests } from "./shown.ts";

interface Parts {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyEncryption: KeyEncryption;
  /** A mail was posted. */
  readonly onMail: () => void;
  /** An organisation or an authority was deleted. */
  readonly onDeletion: () => void;
}

export function deletionRoutes(parts: Parts): Route[] {
  return [...requestRoutes(parts), ...organisationRoutes(parts), ...authorityRoutes(parts)];
}

function requestRoutes({ database, clock, keyEncryption, onMail }: Parts): Route[] {
  const show = ({ organisationId, userId }: Owner) =>
    database.snapshot((snapshot) => gatherOwn(snapshot, organisationId, { userId, at: clock() }));
  return [
    route(deletions.requestDeletion, async ({ writing, caller, body }) => {
      await requestDeletion({ writing, actors: caller.actors, keyEncryption }, caller, body.password);
      onMail();
      return show(caller.owner);
    }),
    route(deletions.withdrawDeletion, async ({ writing, caller: { owner, actors } }) => {
      await withdrawDeletion({ writing, actors }, owner);
      onMail();
      return show(owner);
    }),
    route(deletions.listDeletionRequests, ({ params: { organisationId }, query }) =>
      database.snapshot((snapshot) => gatherRequests(snapshot, organisationId, query)),
    ),
  ];
}

function organisationRoutes({ database, keyEncryption, onDeletion }: Parts): Route[] {
  return [
    route(deletions.showOrganisationDeletion, ({ params: { organisationId } }) =>
      database.snapshot((snapshot) => previewOrganisation(snapshot, organisationId)),
    ),
    route(deletions.listOrganisationPeople, ({ params: { organisationId }, query }) =>
      database.snapshot((snapshot) => pageOfOrganisation(snapshot, organisationId, query)),
    ),
    route(deletions.deleteOrganisation, async ({ writing, caller, params, body, match }) => {
      await deleteOrganisation({ writing, keyEncryption, caller }, params.organisationId, {
        ...body,
        revision: match,
      });
      onDeletion();
      return {};
    }),
    route(deletions.listDeletions, async ({ caller: { actors } }) => ({
      deletions: await database.snapshot((snapshot) => gatherDeletions(snapshot, actors)),
    })),
  ];
}

function authorityRoutes({ database, keyEncryption, onDeletion }: Parts): Route[] {
  return [
    route(deletions.showAuthorityDeletion, ({ params: { authorityId } }) =>
      database.snapshot((snapshot) => previewAuthority(snapshot, authorityId)),
    ),
    route(deletions.listAuthorityPeople, ({ params: { authorityId }, query }) =>
      database.snapshot((snapshot) => pageOfAuthority(snapshot, authorityId, query)),
    ),
    route(deletions.deleteAuthority, async ({ writing, caller, params, body, match }) => {
      const confirming = { writing, keyEncryption, caller };
      await deleteAuthority(confirming, params.authorityId, { ...body, revision: match });
      onDeletion();
      return {};
    }),
  ];
}
