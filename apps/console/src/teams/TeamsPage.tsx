// Every team of the organisation as a tree: who is above whom, how many people, what each sets itself.

import type { Team } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button, Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { teamsQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { useRights } from "../sessions/rights.ts";
import { countOf } from "../ui/format.ts";
import { PlusIcon } from "../ui/icons.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { CreateTeamDialog } from "./TeamDialogs.tsx";
import { TeamTree } from "./TeamTree.tsx";
import styles from "./teams.module.css";

const route = getRouteApi("/organisations/$organisationId/teams");

export function TeamsPage(): ReactNode {
  const { organisationId } = route.useParams();
  const query = useQuery(teamsQuery(organisationId));
  useDocumentTitle("Teams · Lockstep");
  return (
    <>
      <PageHead
        actions={<NewTeam organisationId={organisationId} teams={query.data?.teams ?? []} />}
        title="Teams"
      >
        {query.data && <span className={styles.quiet}>{countOf(query.data.teams.length, "team")}</span>}
      </PageHead>
      <Loaded query={query} skeleton={<Skeleton height={320} radius={10} />}>
        {({ teams }) => <TeamTree organisationId={organisationId} teams={teams} />}
      </Loaded>
    </>
  );
}

interface NewTeamProps {
  readonly organisationId: OrganisationId;
  readonly teams: readonly Team[];
}

function NewTeam({ organisationId, teams }: NewTeamProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const root = teams.find(({ parentId }) => parentId === null);
  if (!useRights()("edit-teams").allowed || root === undefined) return null;
  return (
    <>
      <Button leftSection={<PlusIcon />} onClick={() => setOpen(true)} size="sm" variant="filled">
        New team
      </Button>
      {isOpen && (
        <CreateTeamDialog onClose={() => setOpen(false)} organisationId={organisationId} parentId={root.id} />
      )}
    </>
  );
}
