// Whom a change to keys reaches: the teams that are given some groups with all below, and users of their own.

import type { Group, Team } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { countsQuery, teamsQuery } from "../api.ts";
import { totalOf } from "../standing/total.ts";
import { pathOf } from "../teams/tree.ts";
import { countOf } from "../ui/format.ts";
import styles from "./keys.module.css";

interface ReachProps {
  readonly organisationId: OrganisationId;
  readonly groups: readonly Group[];
  /** What they should hold by these groups. */
  readonly what: string;
}

export function Reach({ organisationId, groups, what }: ReachProps): ReactNode {
  const { data } = useQuery(teamsQuery(organisationId));
  const reached = topmostOf(data?.teams ?? [], groups);
  const counts = useQueries({ queries: reached.map(({ id }) => countsQuery(organisationId, id)) });
  const users = counts.reduce((sum, count) => sum + (count.data ? totalOf(count.data.counts) : 0), 0);
  const own = groups.reduce((sum, group) => sum + group.users, 0);
  if (data === undefined || counts.some(({ isPending }) => isPending)) {
    return <p className={styles.quiet}>Looking up whom it concerns …</p>;
  }
  if (reached.length === 0 && own === 0) {
    return <p aria-live="polite">Nobody is given {what}, so nobody’s status changes.</p>;
  }
  const inTeams = `${countOf(users, "user")} in ${wordsOf(reached)}`;
  const ofOwn = `${countOf(own, "user")} of ${own === 1 ? "the" : "their"} own`;
  const who = [...(reached.length > 0 ? [inTeams] : []), ...(own > 0 ? [ofOwn] : [])].join(", and ");
  return (
    <div aria-live="polite" className={styles.reach}>
      <p>
        <strong>{who}</strong> should hold {what}. Whoever of them is active on a workstation is red until a
        Key-File is posted.
      </p>
    </div>
  );
}

/** The teams that are given one of the groups, those below another such team left out. */
function topmostOf(teams: readonly Team[], groups: readonly Group[]): Team[] {
  const isGiven = ({ groupIds }: Team) => groups.some(({ id }) => groupIds.includes(id));
  return teams.filter((team) => isGiven(team) && !pathOf(teams, team.id).slice(0, -1).some(isGiven));
}

const mostNamed = 3;

function wordsOf(teams: readonly Team[]): string {
  const named = teams.slice(0, mostNamed).map(({ name }) => name);
  const others = teams.length - named.length;
  return others > 0 ? `${named.join(", ")} and ${countOf(others, "other team")}` : named.join(", ");
}
