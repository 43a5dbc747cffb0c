// A team's name as the way to its page.

import type { OrganisationId, TeamId } from "@lockstep/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { useRights } from "../sessions/rights.ts";
import styles from "./teams.module.css";

interface TeamLinkProps {
  readonly organisationId: OrganisationId;
  readonly team: { readonly id: TeamId; readonly name: string };
}

export function TeamLink({ organisationId, team: { id, name } }: TeamLinkProps): ReactNode {
  // Who may see nothing but the own page is not led elsewhere.
  if (!useRights()("read-teams").allowed) return name;
  return (
    <Link
      className={styles.link}
      params={{ organisationId, teamId: id }}
      to="/organisations/$organisationId/teams/$teamId"
    >
      {name}
    </Link>
  );
}
