// One workstation: in which states it is and why, who is active on it, which keys it was sent, and what can be done.

import type { WorkstationDetail } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { updatesQuery, workstationQuery, workstationTeamsQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { SyncLine } from "../sync/ProxySync.tsx";
import { Breadcrumbs } from "../ui/Breadcrumbs.tsx";
import { Fact } from "../ui/Fact.tsx";
import { Live } from "../ui/Live.tsx";
import { Moment } from "../ui/Moment.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { Section } from "../ui/Section.tsx";
import ui from "../ui/ui.module.css";
import { UpdateList } from "../updates/UpdateList.tsx";
import { ActiveUsers } from "./ActiveUsers.tsx";
import { ExposureSection } from "./Exposure.tsx";
import { StateMarks } from "./StateMarks.tsx";
import { WorkstationActions } from "./WorkstationActions.tsx";
import { stateWords } from "./words.ts";
import styles from "./machines.module.css";

const route = getRouteApi("/organisations/$organisationId/workstations/$workstationId");

export function WorkstationPage(): ReactNode {
  const { organisationId, workstationId } = route.useParams();
  const query = useQuery(workstationQuery(organisationId, workstationId));
  useDocumentTitle(`${query.data?.name ?? "Workstation"} · Lockstep`);
  const asOf = query.dataUpdatedAt === 0 ? undefined : new Date(query.dataUpdatedAt).toISOString();
  return (
    <Loaded isPage query={query} skeleton={<Skeleton height={320} radius={10} />}>
      {(workstation) => (
        <>
          <div className={styles.where}>
            <Where organisationId={organisationId} workstation={workstation} />
            <Live asOf={asOf} isFailing={query.isError || query.failureCount > 0} />
          </div>
          <PageHead
            actions={<WorkstationActions organisationId={organisationId} workstation={workstation} />}
            title={workstation.name}
          >
            <StateMarks states={workstation.states} />
          </PageHead>
          <div className={styles.columns}>
            <div className={styles.column}>
              <States workstation={workstation} />
              <ActiveUsers organisationId={organisationId} workstation={workstation} />
              <LastUpdates organisationId={organisationId} workstation={workstation} />
            </div>
            <div className={styles.column}>
              <Facts organisationId={organisationId} workstation={workstation} />
              <ExposureSection organisationId={organisationId} workstationId={workstation.id} />
            </div>
          </div>
        </>
      )}
    </Loaded>
  );
}

interface PartProps {
  readonly organisationId: OrganisationId;
  readonly workstation: WorkstationDetail;
}

function Where({ organisationId, workstation }: PartProps): ReactNode {
  const all = (
    <Link params={{ organisationId }} to="/organisations/$organisationId/workstations">
      Workstations
    </Link>
  );
  return (
    <Breadcrumbs
      parts={[
        { key: "all", content: all },
        { key: "here", content: workstation.name },
      ]}
    />
  );
}

function States({ workstation: { states } }: { readonly workstation: WorkstationDetail }): ReactNode {
  return (
    <Section title="Why">
      <ul className={styles.states}>
        {states.map((state) => (
          <li key={state}>
            <p className={styles.why}>
              {stateWords[state].why} <code>{state}</code>
            </p>
            <p className={styles.quiet}>{stateWords[state].next}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function LastUpdates({ organisationId, workstation }: PartProps): ReactNode {
  const query = useInfiniteQuery(updatesQuery(organisationId, { workstation: workstation.id }));
  const updates = query.data?.pages[0]?.updates.slice(0, 5) ?? [];
  const all = (
    <Link
      className={ui.link}
      params={{ organisationId }}
      search={{ workstation: workstation.id }}
      to="/organisations/$organisationId/updates"
    >
      All of them
    </Link>
  );
  return (
    <Section aside={updates.length > 0 && all} title="Last updates">
      <Loaded query={query} skeleton={<Skeleton height={120} />}>
        {() =>
          updates.length === 0 ? (
            <p className={styles.calm}>Nothing was posted to it yet.</p>
          ) : (
            <UpdateList organisationId={organisationId} updates={updates} />
          )
        }
      </Loaded>
      <SyncLine organisationId={organisationId} />
    </Section>
  );
}

function Facts({ organisationId, workstation }: PartProps): ReactNode {
  const { teamId, os, lostAt } = workstation;
  const { data } = useQuery(workstationTeamsQuery(organisationId));
  const team = data?.workstationTeams.find(({ id }) => id === teamId);
  return (
    <Section title="Workstation">
      <dl className={styles.facts}>
        <Fact name="Team">
          <Link
            className={ui.link}
            params={{ organisationId }}
            search={{ team: teamId }}
            to="/organisations/$organisationId/workstation-teams"
          >
            {team?.name ?? "its team"}
          </Link>
        </Fact>
        <Fact name="System">{os ?? "not known"}</Fact>
        {lostAt !== null && (
          <Fact name="Declared lost">
            <Moment at={lostAt} isAbsolute />
          </Fact>
        )}
      </dl>
    </Section>
  );
}
