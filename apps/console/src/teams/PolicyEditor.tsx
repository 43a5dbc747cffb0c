// Editing what a team sets itself: a draft over what is saved, the impact of it, and then saving it.

import type { Team } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useBlocker } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";

import type { TeamDetails } from "../api.ts";
import { HeldKeys } from "../keys/HeldKeys.tsx";
import { teamCatalogue } from "../policies/catalogues.ts";
import { SettingList } from "../policies/SettingList.tsx";
import { useDraft } from "../policies/use-draft.ts";
import { useRights } from "../sessions/rights.ts";
import { Section } from "../ui/Section.tsx";
import { useTeamChanges } from "./changes.ts";
import { ImpactPanel } from "./ImpactPanel.tsx";
import { Revisions } from "./Revisions.tsx";
import { SubTeams } from "./SubTeams.tsx";
import { TeamGroups } from "./TeamGroups.tsx";
import { TeamLink } from "./TeamLink.tsx";
import { inheritedBy } from "./tree.ts";
import styles from "./teams.module.css";

interface PolicyEditorProps {
  readonly organisationId: OrganisationId;
  readonly details: TeamDetails;
  readonly teams: readonly Team[];
}

export function PolicyEditor({ organisationId, details, teams }: PolicyEditorProps): ReactNode {
  const { team, holdings, revisions } = details;
  const draft = useDraft(teamCatalogue, team);
  const changes = useTeamChanges(organisationId, team.id);
  const mayEdit = useRights()("edit-policies").allowed;
  const inherited = useMemo(() => inheritedBy(teams, team.id), [teams, team.id]);
  const isDirty = draft.changes.length > 0;
  useBlocker({
    shouldBlockFn: () => isDirty && !window.confirm("Leave without saving the changes to the policy?"),
    enableBeforeUnload: isDirty,
  });
  return (
    <div className={styles.columns}>
      <div className={styles.column}>
        <Section aside={<span>Revision {team.revision}</span>} title="Policy">
          <SettingList
            catalogue={teamCatalogue}
            draft={draft}
            effective={holdings.policy}
            inherited={(code) => {
              const { value, origin } = inherited[code];
              return { value, origin: origin && <TeamLink organisationId={organisationId} team={origin} /> };
            }}
            isFixed={!mayEdit}
            isRoot={team.parentId === null}
            saved={team.policy}
          />
        </Section>
        <Revisions
          changes={changes}
          isDirty={isDirty}
          organisationId={organisationId}
          revisions={revisions}
          team={team}
        />
      </div>
      <div className={styles.column}>
        {mayEdit && (
          <ImpactPanel changes={changes} draft={draft} organisationId={organisationId} team={team} />
        )}
        <TeamGroups organisationId={organisationId} team={team} teams={teams} />
        <HeldKeys keys={holdings.keys} organisationId={organisationId} />
        <SubTeams organisationId={organisationId} teamId={team.id} teams={teams} />
      </div>
    </div>
  );
}
