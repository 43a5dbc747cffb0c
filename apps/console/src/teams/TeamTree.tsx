// The tree of teams. Arrows go up and down, and fold and unfold (WAI-ARIA tree grid); every name is a link.

import type { Team } from "@lockstep/api";
import type { OrganisationId, TeamId } from "@lockstep/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type KeyboardEvent, type ReactNode } from "react";

import { countsQuery } from "../api.ts";
import { StatusBar } from "../standing/StatusBar.tsx";
import { totalOf } from "../standing/total.ts";
import { countOf, wordsOfNumber } from "../ui/format.ts";
import { ChevronIcon } from "../ui/icons.tsx";
import { treeOf, type Branch } from "./tree.ts";
import styles from "./tree.module.css";

/** Each count is a question of its own; for more teams than this they would be too many at once. */
const mostCounted = 100;

interface TeamTreeProps {
  readonly organisationId: OrganisationId;
  readonly teams: readonly Team[];
}

export function TeamTree({ organisationId, teams }: TeamTreeProps): ReactNode {
  const [folded, setFolded] = useState<ReadonlySet<TeamId>>(new Set());
  const branches = treeOf(teams, ({ id }) => folded.has(id));
  const fold = (id: TeamId, isFolded: boolean) => {
    const others = [...folded].filter((other) => other !== id);
    setFolded(new Set(isFolded ? [...others, id] : others));
  };
  return (
    <div className={styles.card}>
      <table className={styles.tree}>
        <caption className={styles.hidden}>Teams, each below the team it inherits from</caption>
        <thead>
          <tr>
            <th scope="col">Team</th>
            <th scope="col">People</th>
            <th scope="col">Standing</th>
            <th scope="col">Sets itself</th>
          </tr>
        </thead>
        <tbody onKeyDown={(event) => walkTree(event, fold)}>
          {branches.map((branch) => (
            <TeamRow
              branch={branch}
              isCounted={branches.length <= mostCounted}
              isFolded={folded.has(branch.team.id)}
              key={branch.team.id}
              onFold={(isFolded) => fold(branch.team.id, isFolded)}
              organisationId={organisationId}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface TeamRowProps {
  readonly organisationId: OrganisationId;
  readonly branch: Branch<Team>;
  readonly isFolded: boolean;
  readonly isCounted: boolean;
  readonly onFold: (isFolded: boolean) => void;
}

function TeamRow({ organisationId, branch, isFolded, isCounted, onFold }: TeamRowProps): ReactNode {
  const { team, depth, hasChildren } = branch;
  const { data } = useQuery({
    ...countsQuery(organisationId, team.id),
    enabled: isCounted,
    refetchInterval: false,
    staleTime: 10_000,
  });
  const total = data && totalOf(data.counts);
  return (
    <tr data-folded={hasChildren ? isFolded : undefined} data-team={team.id}>
      <th scope="row">
        <span className={styles.branch} style={{ paddingInlineStart: Math.min(depth, 8) * 20 }}>
          {hasChildren ? (
            <button
              aria-expanded={!isFolded}
              aria-label={`Teams below ${team.name}`}
              className={styles.fold}
              onClick={() => onFold(!isFolded)}
              type="button"
            >
              <ChevronIcon />
            </button>
          ) : (
            <span className={styles.leaf} />
          )}
          <Link
            className={styles.name}
            params={{ organisationId, teamId: team.id }}
            to="/organisations/$organisationId/teams/$teamId"
          >
            {team.name}
          </Link>
        </span>
      </th>
      <td>
        {total !== undefined && (
          <Link
            aria-label={`${countOf(total, "user")} in ${team.name} and below`}
            className={styles.people}
            search={{ organisation: organisationId, team: team.id }}
            to="/"
          >
            {wordsOfNumber(total)}
          </Link>
        )}
      </td>
      <td>{total !== undefined && total > 0 && <StatusBar counts={data?.counts.encryption} />}</td>
      <td>{wordsOfOwn(team)}</td>
    </tr>
  );
}

function wordsOfOwn({ policy, groupIds }: Team): string {
  const settings = Object.keys(policy).length;
  const parts = [
    ...(settings > 0 ? [countOf(settings, "setting")] : []),
    ...(groupIds.length > 0 ? [countOf(groupIds.length, "group")] : []),
  ];
  return parts.length === 0 ? "inherits all" : parts.join(", ");
}

type Fold = (id: TeamId, isFolded: boolean) => void;

function walkTree(event: KeyboardEvent<HTMLElement>, fold: Fold): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("tr")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[at];
  if (row === undefined) return;
  const { folded, team } = row.dataset;
  const isOpen = folded === "false";
  const go = (to: HTMLElement | undefined) => to?.querySelector<HTMLElement>("th a")?.focus();
  const moves: Readonly<Record<string, () => void>> = {
    ArrowDown: () => go(rows[at + 1]),
    ArrowUp: () => go(rows[at - 1]),
    Home: () => go(rows[0]),
    End: () => go(rows.at(-1)),
    ArrowRight: () => (folded === "true" ? fold(team as TeamId, false) : isOpen && go(rows[at + 1])),
    ArrowLeft: () => isOpen && fold(team as TeamId, true),
  };
  const move = moves[event.key];
  if (move === undefined) return;
  event.preventDefault();
  move();
}
