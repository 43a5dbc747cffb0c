// Every workstation of the organisation by name: in which states it is, who is active on it, when it last reported.

import type { WorkstationDetail, WorkstationTeam } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button, Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { workstationsQuery, workstationTeamsQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { ShowMore } from "../ShowMore.tsx";
import { countOf } from "../ui/format.ts";
import { Live } from "../ui/Live.tsx";
import { Moment } from "../ui/Moment.tsx";
import { Note } from "../ui/Note.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { Cell, HeadCell, rowLink, Table, TableFoot } from "../ui/Table.tsx";
import { StateMarks } from "./StateMarks.tsx";
import { lastReportOf } from "./words.ts";
import styles from "./machines.module.css";

const route = getRouteApi("/organisations/$organisationId/workstations");

export function WorkstationsPage(): ReactNode {
  const { organisationId } = route.useParams();
  const { search } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(workstationsQuery(organisationId, search));
  const teams = useQuery(workstationTeamsQuery(organisationId));
  useDocumentTitle("Workstations · Lockstep");
  const asOf = query.dataUpdatedAt === 0 ? undefined : new Date(query.dataUpdatedAt).toISOString();
  return (
    <>
      <PageHead actions={<ToTeams organisationId={organisationId} />} title="Workstations">
        <Live asOf={asOf} isFailing={query.isError || query.failureCount > 0} />
      </PageHead>
      <section aria-label="List of workstations" className={styles.card}>
        <div className={styles.filter} role="search">
          <SearchField
            label="Search by the beginning of a workstation’s name"
            onChange={(text) =>
              void navigate({
                search: { search: text === "" ? undefined : text },
                replace: true,
                resetScroll: false,
              })
            }
            placeholder="Search by name"
            value={search ?? ""}
          />
        </div>
        <Loaded query={query} skeleton={<Skeleton height={240} />}>
          {({ pages }) => (
            <List
              organisationId={organisationId}
              query={query}
              search={search}
              teams={teams.data?.workstationTeams ?? []}
              workstations={pages.flatMap((page) => page.workstations)}
            />
          )}
        </Loaded>
      </section>
    </>
  );
}

function ToTeams({ organisationId }: { readonly organisationId: OrganisationId }): ReactNode {
  return (
    <Button
      renderRoot={(props) => (
        <Link params={{ organisationId }} to="/organisations/$organisationId/workstation-teams" {...props} />
      )}
      size="sm"
    >
      Teams and their policy
    </Button>
  );
}

interface ListProps {
  readonly organisationId: OrganisationId;
  readonly search: string | undefined;
  readonly teams: readonly WorkstationTeam[];
  readonly workstations: readonly WorkstationDetail[];
  readonly query: {
    readonly isPlaceholderData: boolean;
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
}

function List({ organisationId, search, teams, workstations, query }: ListProps): ReactNode {
  if (workstations.length === 0) {
    return search === undefined ? (
      <Note title="There is no workstation yet.">
        It appears by itself when a user activates on it with a code. Issue one on the user’s page.
      </Note>
    ) : (
      <Note title="None found">No workstation’s name begins with “{search}”.</Note>
    );
  }
  return (
    <div aria-busy={query.isPlaceholderData}>
      <Table
        caption="Workstations by name"
        columns={["Workstation", "State", "Users", "Team", "Last report"]}
      >
        {workstations.map((workstation) => (
          <Row
            key={workstation.id}
            organisationId={organisationId}
            team={teams.find(({ id }) => id === workstation.teamId)}
            workstation={workstation}
          />
        ))}
      </Table>
      <TableFoot action={<ShowMore query={query} />}>
        {query.hasNextPage
          ? `The first ${workstations.length} workstations`
          : countOf(workstations.length, "workstation")}
      </TableFoot>
    </div>
  );
}

interface RowProps {
  readonly organisationId: OrganisationId;
  readonly workstation: WorkstationDetail;
  readonly team: WorkstationTeam | undefined;
}

function Row({ organisationId, workstation, team }: RowProps): ReactNode {
  const { id, name, states, activations } = workstation;
  const reportedAt = lastReportOf(workstation);
  return (
    <tr>
      <HeadCell>
        <Link
          className={`${styles.name ?? ""} ${rowLink ?? ""}`}
          params={{ organisationId, workstationId: id }}
          to="/organisations/$organisationId/workstations/$workstationId"
        >
          {name}
        </Link>
      </HeadCell>
      <Cell narrow="corner">
        <StateMarks states={states} />
      </Cell>
      <Cell>{activations.length === 0 ? "nobody" : activations.map(({ user }) => user.name).join(", ")}</Cell>
      <Cell isQuiet narrow="away">
        {team?.name}
      </Cell>
      <Cell isQuiet narrow="end">
        {reportedAt === null ? "never" : <Moment at={reportedAt} />}
      </Cell>
    </tr>
  );
}
