// Whose users: all teams, or one of them with or without those below it.

import type { OrganisationId } from "@lockstep/core";
import { Switch } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { TeamSelector } from "../teams/TeamSelector.tsx";
import styles from "./overview.module.css";

const route = getRouteApi("/");

interface ScopeFilterProps {
  readonly organisationId: OrganisationId;
}

export function ScopeFilter({ organisationId }: ScopeFilterProps): ReactNode {
  const { team, subTeams } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className={styles.scope}>
      <TeamSelector
        onChange={(chosen) =>
          void navigate({
            search: (former) => ({ ...former, team: chosen, subTeams: undefined }),
            resetScroll: false,
          })
        }
        organisationId={organisationId}
        value={team}
      />
      {team !== undefined && (
        <>
          <Switch
            checked={subTeams === undefined}
            label="with sub-teams"
            onChange={({ currentTarget: { checked } }) =>
              void navigate({
                search: (former) => ({ ...former, subTeams: checked ? undefined : "false" }),
                resetScroll: false,
              })
            }
            size="xs"
          />
          <Link
            className={styles.link}
            params={{ organisationId, teamId: team }}
            to="/organisations/$organisationId/teams/$teamId"
          >
            Policy of this team
          </Link>
        </>
      )}
    </div>
  );
}
