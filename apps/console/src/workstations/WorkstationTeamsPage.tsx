// The tree of workstations and what each level sets: what holds while nobody is signed in to a Key-File.

import type { WorkstationTeam } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { workstationTeamsQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { useRights } from "../sessions/rights.ts";
import { treeOf } from "../teams/tree.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { Breadcrumbs } from "../ui/Breadcrumbs.tsx";
import { countOf } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { Section } from "../ui/Section.tsx";
import { CreateDialog, DeleteDialog } from "./WorkstationDialogs.tsx";
import { WorkstationEditor } from "./WorkstationEditor.tsx";
import styles from "./workstations.module.css";

const route = getRouteApi("/organisations/$organisationId/workstation-teams");

export function WorkstationTeamsPage(): ReactNode {
  const { organisationId } = route.useParams();
  const { team: wanted } = route.useSearch();
  const query = useQuery(workstationTeamsQuery(organisationId));
  const teams = query.data?.workstationTeams ?? [];
  const team = teams.find(({ id, parentId }) => (wanted === undefined ? parentId === null : id === wanted));
  useDocumentTitle("Workstation teams · Lockstep");
  return (
    <>
      <Where organisationId={organisationId} />
      <PageHead
        actions={team && <Actions all={teams} organisationId={organisationId} team={team} />}
        title="Workstation teams"
      >
        <span className={styles.quiet}>What holds on a machine while nobody is signed in to a Key-File</span>
      </PageHead>
      <Loaded query={query} skeleton={<Skeleton height={320} radius={10} />}>
        {() => (
          <div className={styles.columns}>
            <Tree organisationId={organisationId} shown={team} teams={teams} />
            {team === undefined ? (
              <Note title="There is no such workstation team.">It may have been deleted.</Note>
            ) : (
              <WorkstationEditor all={teams} key={team.id} organisationId={organisationId} team={team} />
            )}
          </div>
        )}
      </Loaded>
    </>
  );
}

function Where({ organisationId }: { readonly organisationId: OrganisationId }): ReactNode {
  const all = (
    <Link params={{ organisationId }} to="/organisations/$organisationId/workstations">
      Workstations
    </Link>
  );
  return (
    <Breadcrumbs
      parts={[
        { key: "all", content: all },
        { key: "here", content: "Teams" },
      ]}
    />
  );
}

interface TreeProps {
  readonly organisationId: OrganisationId;
  readonly teams: readonly WorkstationTeam[];
  readonly shown: WorkstationTeam | undefined;
}

function Tree({ organisationId, teams, shown }: TreeProps): ReactNode {
  return (
    <Section aside={<span>{teams.length}</span>} title="Workstation teams">
      <ul className={styles.tree}>
        {treeOf(teams).map(({ team: { id, name, policy }, depth }) => {
          const own = Object.keys(policy).length;
          return (
            <li key={id}>
              <Link
                activeProps={{}}
                aria-current={id === shown?.id ? "true" : undefined}
                params={{ organisationId }}
                resetScroll={false}
                search={{ team: id }}
                style={{ paddingInlineStart: 16 + Math.min(depth, 8) * 16 }}
                to="/organisations/$organisationId/workstation-teams"
              >
                <span>{name}</span>
                <span className={styles.quiet}>{own === 0 ? "" : countOf(own, "setting")}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

interface ActionsProps {
  readonly organisationId: OrganisationId;
  readonly team: WorkstationTeam;
  readonly all: readonly WorkstationTeam[];
}

function Actions({ organisationId, team, all }: ActionsProps): ReactNode {
  const [open, setOpen] = useState<"create" | "delete" | null>(null);
  if (!useRights()("edit-teams").allowed) return null;
  const dialog = { organisationId, team, onClose: () => setOpen(null) };
  const isRoot = team.parentId === null && "The root team holds for every workstation and stays.";
  const isFull = all.some(({ parentId }) => parentId === team.id) && "It still has teams below it.";
  return (
    <>
      <ActionButton
        label={`New team below ${team.name}`}
        onClick={() => setOpen("create")}
        size="sm"
        variant="filled"
      >
        New team
      </ActionButton>
      <ActionButton
        label={`Delete ${team.name}`}
        onClick={() => setOpen("delete")}
        size="sm"
        why={isRoot || isFull || null}
      >
        Delete
      </ActionButton>
      {open === "create" && <CreateDialog {...dialog} />}
      {open === "delete" && <DeleteDialog {...dialog} />}
    </>
  );
}
