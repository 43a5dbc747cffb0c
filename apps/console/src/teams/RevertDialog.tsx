// Going back to an earlier revision: what changes, whom it concerns, and then doing it.

import type { Proposal, Team } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { impactQuery, type TeamDetails } from "../api.ts";
import { useEdited } from "../changes/edited.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { Loaded } from "../Loaded.tsx";
import { teamCatalogue } from "../policies/catalogues.ts";
import { ChangeList } from "../policies/ChangeList.tsx";
import { settingChangesOf } from "../policies/draft.ts";
import { ImpactTable } from "../standing/ImpactTable.tsx";
import type { TeamChanges } from "./changes.ts";
import { areSame, GroupChanges } from "./GroupChanges.tsx";
import styles from "./teams.module.css";

interface RevertDialogProps {
  readonly organisationId: OrganisationId;
  readonly team: Team;
  readonly to: TeamDetails["revisions"][number];
  readonly changes: TeamChanges;
  readonly onClose: () => void;
}

export function RevertDialog({ organisationId, team, to, changes, onClose }: RevertDialogProps): ReactNode {
  const { save, revert } = changes;
  const edited = useEdited(team.revision);
  const settings = settingChangesOf(teamCatalogue, team.policy, to.policy);
  const hasSameGroups = areSame(team.groupIds, to.groupIds);
  const proposal: Proposal =
    settings.length === 0 && !hasSameGroups
      ? { kind: "team-groups", teamId: team.id, groupIds: to.groupIds }
      : { kind: "team-policy", teamId: team.id, policy: to.policy };
  const impact = useQuery(impactQuery(organisationId, proposal));
  return (
    <FormDialog
      action="Go back"
      change={revert}
      edited={edited}
      isReady={impact.isSuccess}
      onClose={onClose}
      onSubmit={(close) => {
        save.reset();
        revert.mutate({ to: to.revision, revision: edited.match }, { onSuccess: close });
      }}
      title={`Go back to revision ${to.revision}`}
    >
      {settings.length > 0 && <ChangeList changes={settings} />}
      <GroupChanges after={to.groupIds} before={team.groupIds} organisationId={organisationId} />
      {settings.length === 0 && hasSameGroups && <p>No own setting and no group changes.</p>}
      <Loaded query={impact} skeleton={<Skeleton height={120} />}>
        {(reply) => <ImpactTable impact={reply} />}
      </Loaded>
      {settings.length > 0 && !hasSameGroups && (
        <p className={styles.calm}>
          The numbers are of the settings alone; the groups change keys of the same people.
        </p>
      )}
    </FormDialog>
  );
}
