// How all users stand, and the list of them: counts and list are of one moment and come anew by themselves.

import type { OrganisationId } from "@lockstep/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { organisationsQuery, usersQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { useCurrentOrganisation } from "../organisations/current.ts";
import { StandingTiles } from "../standing/StandingTiles.tsx";
import { Live } from "../ui/Live.tsx";
import { Note } from "../ui/Note.tsx";
import { filterOf } from "./filter.ts";
import { ListFilter } from "./ListFilter.tsx";
import { ScopeFilter } from "./ScopeFilter.tsx";
import { UserList } from "./UserList.tsx";
import { UserListSkeleton } from "./UserListSkeleton.tsx";
import styles from "./overview.module.css";

const route = getRouteApi("/");

export function OverviewPage(): ReactNode {
  const organisations = useQuery(organisationsQuery());
  const organisation = useCurrentOrganisation();
  useDocumentTitle(organisation === undefined ? "Lockstep" : `${organisation.name} · Lockstep`);
  return (
    <Loaded isPage query={organisations} skeleton={<UserListSkeleton />}>
      {() =>
        organisation === undefined ? (
          <Note isPage title="There is no such organisation.">
            The installation may have none yet, or the address names another one.
          </Note>
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
  return (
    <>
      <div className={styles.head}>
        <h1>Users</h1>
        <ScopeFilter organisationId={organisationId} />
        <Live asOf={newest?.asOf} isFailing={users.isError || users.failureCount > 0} />
      </div>
      <StandingTiles counts={newest?.counts.encryption} search={search} />
      <section aria-label="List of users" className={styles.card}>
        <ListFilter counts={newest?.counts.account} />
        <Loaded query={users} skeleton={<UserListSkeleton />}>
          {({ pages }) => <UserList organisationId={organisationId} pages={pages} query={users} />}
        </Loaded>
      </section>
    </>
  );
}
