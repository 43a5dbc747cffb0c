// Editing what a team sets itself: a draft over what is saved, the impact of it, and then saving it.

import type { Team } from "@lockstep/api";
import { policySettingCodes, type OrganisationId } from "@lockstep/core";
import { useBlocker } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";

import type { TeamDetails } from "../api.ts";
import { Section } from "../ui/Section.tsx";
import { useTeamChanges } from "./changes.ts";
import { ImpactPanel } from "./ImpactPanel.tsx";
import { Revisions } from "./Revisions.tsx";
import { SettingRow } from "./SettingRow.tsx";
import { SubTeams } from "./SubTeams.tsx";
import { inheritedBy } from "./tree.ts";
import { useDraft } from "./use-draft.ts";
import styles from "./teams.module.css";

interface PolicyEditorProps {
  readonly organisationId: OrganisationId;
  readonly details: TeamDetails;
  readonly teams: readonly Team[];
}

export function PolicyEditor({ organisationId, details, teams }: PolicyEditorProps): ReactNode {
  const { team, effective, revisions } = details;
  const draft = useDraft(team);
  const changes = useTeamChanges(organisationId, team.id);
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
          <ul className={styles.settings}>
            {policySettingCodes.map((code) => (
              <SettingRow
                code={code}
                inherited={inherited[code]}
                isRoot={team.parentId === null}
                key={code}
                onChange={(value) => draft.change(code, value)}
                organisationId={organisationId}
                own={draft.policy[code]}
                saved={effective.find(({ setting }) => setting === code)}
                savedOwn={team.policy[code]}
              />
            ))}
          </ul>
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
        <ImpactPanel changes={changes} draft={draft} organisationId={organisationId} team={team} />
        <SubTeams organisationId={organisationId} teamId={team.id} teams={teams} />
      </div>
    </div>
  );
}
