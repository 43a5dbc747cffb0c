// The Updates panel: whatever is posted to workstations, how far each has come, and the relay that it travels by.

import type { Update } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button, NativeSelect, Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { standingQuery, updatesQuery, workstationQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { ShowMore } from "../ShowMore.tsx";
import { RootNotices } from "../roots/RootNotices.tsx";
import { ProxySync } from "../sync/ProxySync.tsx";
import { countOf } from "../ui/format.ts";
import { Live } from "../ui/Live.tsx";
import { Note } from "../ui/Note.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { TableFoot } from "../ui/Table.tsx";
import { filterOfUpdates, listedStates, type UpdateFilter } from "./address.ts";
import { PostToMany } from "./PostToMany.tsx";
import { UpdateList } from "./UpdateList.tsx";
import { updateStateWords } from "./words.ts";
import styles from "./updates.module.css";

const route = getRouteApi("/organisations/$organisationId/updates");

export function UpdatesPage(): ReactNode {
  const { organisationId } = route.useParams();
  const filter = filterOfUpdates(route.useSearch());
  const query = useInfiniteQuery(updatesQuery(organisationId, filter));
  useDocumentTitle("Updates · Lockstep");
  const asOf = query.dataUpdatedAt === 0 ? undefined : new Date(query.dataUpdatedAt).toISOString();
  return (
    <>
      <PageHead actions={<PostToMany organisationId={organisationId} />} title="Updates">
        <Live asOf={asOf} isFailing={query.isError || query.failureCount > 0} />
      </PageHead>
      <RootNotices organisationId={organisationId} />
      <ProxySync organisationId={organisationId} />
      <section aria-label="List of updates" className={styles.card}>
        <StateFilter filter={filter} organisationId={organisationId} />
        <Loaded query={query} skeleton={<Skeleton height={240} />}>
          {({ pages }) => (
            <Pages
              filter={filter}
              organisationId={organisationId}
              query={query}
              updates={pages.flatMap((page) => page.updates)}
            />
          )}
        </Loaded>
      </section>
    </>
  );
}

interface FilterProps {
  readonly organisationId: OrganisationId;
  readonly filter: UpdateFilter;
}

function StateFilter({ organisationId, filter }: FilterProps): ReactNode {
  const navigate = route.useNavigate();
  const options = listedStates.map((state) => ({ value: state, label: updateStateWords[state] }));
  return (
    <div className={styles.filter} role="search">
      <NativeSelect
        aria-label="State"
        data={[{ value: "", label: "Any state" }, ...options]}
        onChange={({ currentTarget: { value } }) =>
          void navigate({
            search: (former) => ({ ...former, state: listedStates.find((state) => state === value) }),
            resetScroll: false,
          })
        }
        value={filter.state ?? ""}
      />
      {filter.user && <OfUser organisationId={organisationId} userId={filter.user} />}
      {filter.workstation && (
        <OfWorkstation organisationId={organisationId} workstationId={filter.workstation} />
      )}
    </div>
  );
}

interface OfUserProps {
  readonly organisationId: OrganisationId;
  readonly userId: NonNullable<UpdateFilter["user"]>;
}

function OfUser({ organisationId, userId }: OfUserProps): ReactNode {
  const { data } = useQuery(standingQuery(organisationId, userId));
  return <Narrowed field="user" name={data?.user.name ?? "one user"} />;
}

interface OfWorkstationProps {
  readonly organisationId: OrganisationId;
  readonly workstationId: NonNullable<UpdateFilter["workstation"]>;
}

function OfWorkstation({ organisationId, workstationId }: OfWorkstationProps): ReactNode {
  const { data } = useQuery(workstationQuery(organisationId, workstationId));
  return <Narrowed field="workstation" name={data?.name ?? "one workstation"} />;
}

interface NarrowedProps {
  readonly field: "user" | "workstation";
  readonly name: string;
}

function Narrowed({ field, name }: NarrowedProps): ReactNode {
  const navigate = route.useNavigate();
  return (
    <p className={styles.narrowed}>
      <span>
        {field === "user" ? "For" : "On"} <strong>{name}</strong> alone
      </span>
      <Button
        onClick={() => void navigate({ search: (former) => ({ ...former, [field]: undefined }) })}
        variant="subtle"
      >
        {field === "user" ? "For everybody" : "On all workstations"}
      </Button>
    </p>
  );
}

interface PagesProps {
  readonly organisationId: OrganisationId;
  readonly filter: UpdateFilter;
  readonly updates: readonly Update[];
  readonly query: {
    readonly isPlaceholderData: boolean;
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
}

function Pages({ organisationId, filter, updates, query }: PagesProps): ReactNode {
  if (updates.length === 0) {
    return Object.keys(filter).length === 0 ? (
      <Note title="Nothing was posted yet.">
        A Key-File is posted when somebody activates, and whenever you post one to those who are red.
      </Note>
    ) : (
      <Note title="There is no such update." />
    );
  }
  return (
    <div aria-busy={query.isPlaceholderData}>
      <UpdateList organisationId={organisationId} updates={updates} />
      <TableFoot action={<ShowMore query={query} />}>
        {query.hasNextPage ? `The newest ${updates.length} updates` : countOf(updates.length, "update")}
      </TableFoot>
    </div>
  );
}
