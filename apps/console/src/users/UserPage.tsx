// One user: how things stand, why, what to do next, on which workstations, and how it came to this.

import type { Standing } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { AccountSection } from "../accounts/AccountSection.tsx";
import { ActivationCodes } from "../activations/ActivationCodes.tsx";
import { standingQuery, userQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { useRights } from "../sessions/rights.ts";
import { Breadcrumbs } from "../ui/Breadcrumbs.tsx";
import { Live } from "../ui/Live.tsx";
import { HoldingsSection } from "./HoldingsSection.tsx";
import { NextSteps } from "./NextSteps.tsx";
import { Reasons } from "./Reasons.tsx";
import { StandingHead } from "./StandingHead.tsx";
import { Timeline } from "./Timeline.tsx";
import { UserFacts } from "./UserFacts.tsx";
import { WhatRemains } from "./WhatRemains.tsx";
import { Workstations } from "./Workstations.tsx";
import styles from "./user.module.css";

const route = getRouteApi("/organisations/$organisationId/users/$userId");

export function UserPage(): ReactNode {
  const { organisationId, userId } = route.useParams();
  const query = useQuery(standingQuery(organisationId, userId));
  const { data: user } = useQuery(userQuery(organisationId, userId));
  useDocumentTitle(`${query.data?.user.name ?? "User"} · Lockstep`);
  return (
    <Loaded isPage query={query} skeleton={<UserSkeleton />}>
      {(standing) => (
        <>
          <Where organisationId={organisationId} user={standing.user}>
            <Live asOf={standing.asOf} isFailing={query.isError || query.failureCount > 0} />
          </Where>
          <StandingHead standing={standing} />
          {standing.account === "deleted" ? (
            <WhatRemains organisationId={organisationId} standing={standing} />
          ) : (
            <div className={styles.columns}>
              <div className={styles.column}>
                <Reasons reasons={standing.reasons} />
                <NextSteps organisationId={organisationId} standing={standing} />
                <AccountSection organisationId={organisationId} user={standing.user} />
                <Workstations organisationId={organisationId} standing={standing} />
                <ActivationCodes organisationId={organisationId} standing={standing} />
                <HoldingsSection organisationId={organisationId} user={user} userId={userId} />
                <Timeline organisationId={organisationId} userId={userId} />
              </div>
              <UserFacts organisationId={organisationId} standing={standing} user={user} />
            </div>
          )}
        </>
      )}
    </Loaded>
  );
}

interface WhereProps {
  readonly organisationId: OrganisationId;
  readonly user: Standing["user"];
  readonly children: ReactNode;
}

function Where({ organisationId, user, children }: WhereProps): ReactNode {
  const { name, team, teamId } = user;
  const all = (
    <Link search={{ organisation: organisationId }} to="/">
      Users
    </Link>
  );
  const ofTeam = (
    <Link search={{ organisation: organisationId, team: teamId }} to="/">
      {team}
    </Link>
  );
  const here = { key: "user", content: name };
  const path = [{ key: "all", content: all }, { key: "team", content: ofTeam }, here];
  return (
    <div className={styles.where}>
      <Breadcrumbs parts={useRights()("read-teams").allowed ? path : [here]} />
      {children}
    </div>
  );
}

function UserSkeleton(): ReactNode {
  return (
    <div className={styles.skeleton}>
      <Skeleton height={14} width={220} />
      <Skeleton height={92} radius={10} />
      <Skeleton height={160} radius={10} />
      <Skeleton height={220} radius={10} />
    </div>
  );
}
