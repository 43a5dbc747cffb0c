// One team: how its users stand, what it sets and inherits, what a change would do, and every earlier revision.

import { useDocumentTitle } from "@mantine/hooks";
import { Skeleton } from "@mantine/core";
import type { Team } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { countsQuery, teamQuery, teamsQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { StandingTiles } from "../standing/StandingTiles.tsx";
import { Breadcrumbs } from "../ui/Breadcrumbs.tsx";
import { Live } from "../ui/Live.tsx";
import { totalOf } from "../standing/total.ts";
import { PolicyEditor } from "./PolicyEditor.tsx";
import { TeamActions } from "./TeamActions.tsx";
import { pathOf } from "./tree.ts";
import styles from "./teams.module.css";

const route = getRouteApi("/organisations/$organisationId/teams/$teamId");

export function TeamPage(): ReactNode {
  const { organisationId, teamId } = route.useParams();
  const team = useQuery(teamQuery(organisationId, teamId));
  const all = useQuery(teamsQuery(organisationId));
  const counts = useQuery(countsQuery(organisationId, teamId));
  useDocumentTitle(`${team.data?.team.name ?? "Team"} · Lockstep`);
  return (
    <Loaded isPage query={team} skeleton={<TeamSkeleton />}>
      {(details) => (
        <>
          <div className={styles.where}>
            <Where organisationId={organisationId} path={pathOf(all.data?.teams ?? [details.team], teamId)} />
            <Live asOf={counts.data?.asOf} isFailing={counts.isError || counts.failureCount > 0} />
          </div>
          <div className={styles.head}>
            <h1>{details.team.name}</h1>
            <Link className={styles.link} search={{ organisation: organisationId, team: teamId }} to="/">
              Users of this team
            </Link>
            <TeamActions
              all={all.data?.teams ?? []}
              organisationId={organisationId}
              people={counts.data && totalOf(counts.data.counts)}
              red={counts.data?.counts.encryption["update-required"]}
              team={details.team}
            />
          </div>
          <StandingTiles
            counts={counts.data?.counts.encryption}
            search={{ organisation: organisationId, team: teamId }}
          />
          <Loaded query={all} skeleton={<TeamSkeleton />}>
            {({ teams }) => (
              <PolicyEditor details={details} key={teamId} organisationId={organisationId} teams={teams} />
            )}
          </Loaded>
        </>
      )}
    </Loaded>
  );
}

interface WhereProps {
  readonly organisationId: OrganisationId;
  readonly path: readonly Team[];
}

function Where({ organisationId, path }: WhereProps): ReactNode {
  const all = (
    <Link params={{ organisationId }} to="/organisations/$organisationId/teams">
      Teams
    </Link>
  );
  const parts = path.map(({ id, name }, at) => ({
    key: id,
    content:
      at === path.length - 1 ? (
        name
      ) : (
        <Link params={{ organisationId, teamId: id }} to="/organisations/$organisationId/teams/$teamId">
          {name}
        </Link>
      ),
  }));
  return <Breadcrumbs parts={[{ key: "all", content: all }, ...parts]} />;
}

function TeamSkeleton(): ReactNode {
  return (
    <div className={styles.skeleton}>
      <Skeleton height={14} width={220} />
      <Skeleton height={76} radius={10} />
      <Skeleton height={420} radius={10} />
    </div>
  );
}
