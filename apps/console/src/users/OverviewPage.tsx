// How all users stand, and the list of them: counts and list are of one moment and come anew by themselves.

import type { OrganisationId } from "@lockstep/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Navigate } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { organisationsQuery, sessionQuery, usersQuery } from "../api.ts";
import { DirectoryNotices } from "../directories/DirectoryNotices.tsx";
import { Loaded } from "../Loaded.tsx";
import { useCurrentOrganisation } from "../organisations/current.ts";
import { Beginning } from "../organisations/Beginning.tsx";
import { RootNotices } from "../roots/RootNotices.tsx";
import { useRights } from "../sessions/rights.ts";
import { StandingTiles } from "../standing/StandingTiles.tsx";
import { Live } from "../ui/Live.tsx";
import { Note } from "../ui/Note.tsx";
import { AddPeople } from "./AddPeople.tsx";
import { filterOf } from "./filter.ts";
import { ListFilter } from "./ListFilter.tsx";
import { ScopeFilter } from "./ScopeFilter.tsx";
import { useSelection } from "./selection.ts";
import { UserList } from "./UserList.tsx";
import { UserListSkeleton } from "./UserListSkeleton.tsx";
import styles from "./overview.module.css";

const route = getRouteApi("/");

export function OverviewPage(): ReactNode {
  const organisations = useQuery(organisationsQuery());
  const organisation = useCurrentOrganisation();
  const { data: me } = useQuery(sessionQuery());
  const may = useRights();
  useDocumentTitle(organisation === undefined ? "Lockstep" : `${organisation.name} · Lockstep`);
  return (
    <Loaded isPage query={organisations} skeleton={<UserListSkeleton />}>
      {() =>
        organisation === undefined ? (
          <Note isPage title="There is no such organisation.">
            The installation may have none yet, or the address names another one.
          </Note>
        ) : me !== undefined && !may("read-teams").allowed ? (
          // Who looks after nobody else has one page: the own one.
          <Navigate
            params={{ organisationId: me.user.organisationId, userId: me.user.id }}
            replace
            to="/organisations/$organisationId/users/$userId"
          />
        ) : (
          <Overview key={organisation.id} organisationId={organisation.id} />
        )
      }
    </Loaded>
  );
}

interface OverviewProps {
  readonly organisationId: OrganisationId;
}

function Overview({ organisationId }: OverviewProps): ReactNode {
  const search = route.useSearch();
  const users = useInfiniteQuery(usersQuery(organisationId, filterOf(search)));
  // The page that was read last is the newest.
  const newest = users.data?.pages.at(-1);
  const selection = useSelection(JSON.stringify(filterOf(search)));
  const may = useRights();
  const canChoose = (["move-people", "edit-licences", "post-updates"] as const).some(
    (action) => may(action).allowed,
  );
  return (
    <>
      <div className={styles.head}>
        <h1>Users</h1>
        <ScopeFilter organisationId={organisationId} />
        <Live asOf={newest?.asOf} isFailing={users.isError || users.failureCount > 0} />
        <AddPeople organisationId={organisationId} teamId={search.team} />
      </div>
      <RootNotices organisationId={organisationId} />
      <DirectoryNotices organisationId={organisationId} />
      {search.team === undefined && <Beginning counts={newest?.counts} organisationId={organisationId} />}
      <StandingTiles counts={newest?.counts.encryption} search={search} />
      <section aria-label="List of users" className={styles.card}>
        <ListFilter counts={newest?.counts.account} />
        <Loaded query={users} skeleton={<UserListSkeleton />}>
          {({ pages }) => (
            <UserList
              organisationId={organisationId}
              pages={pages}
              query={users}
              selection={canChoose ? selection : undefined}
            />
          )}
        </Loaded>
      </section>
    </>
  );
}
