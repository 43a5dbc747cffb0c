// The teams directly below, as the way to them.

import type { Team } from "@lockstep/api";
import type { OrganisationId, TeamId } from "@lockstep/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { countOf } from "../ui/format.ts";
import { TeamIcon } from "../ui/icons.tsx";
import { Section } from "../ui/Section.tsx";
import styles from "./teams.module.css";

interface SubTeamsProps {
  readonly organisationId: OrganisationId;
  readonly teamId: TeamId;
  readonly teams: readonly Team[];
}

export function SubTeams({ organisationId, teamId, teams }: SubTeamsProps): ReactNode {
  const below = teams.filter(({ parentId }) => parentId === teamId);
  if (below.length === 0) return null;
  return (
    <Section title="Sub-teams">
      <ul className={styles.subTeams}>
        {below.map(({ id, name, policy }) => (
          <li key={id}>
            <TeamIcon />
            <Link params={{ organisationId, teamId: id }} to="/organisations/$organisationId/teams/$teamId">
              {name}
            </Link>
            <span>{ownOf(Object.keys(policy).length)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const ownOf = (settings: number) =>
  settings === 0 ? "inherits all" : `sets ${countOf(settings, "setting")}`;
