// Choosing which encryption groups a team gives, with the impact of the choice.

import { teams, type Group, type Team } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import type { ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { useEdited } from "../changes/edited.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { usePreview } from "../standing/preview.ts";
import { Preview } from "../standing/Preview.tsx";
import { Checklist } from "../ui/Checklist.tsx";
import { countOf } from "../ui/format.ts";
import { useToggles } from "../ui/toggles.ts";

interface TeamGroupsDialogProps {
  readonly organisationId: OrganisationId;
  readonly team: Team;
  readonly groups: readonly Group[];
  readonly onClose: () => void;
}

export function TeamGroupsDialog({
  organisationId,
  team,
  groups,
  onClose,
}: TeamGroupsDialogProps): ReactNode {
  const { chosen, isDirty, toggle } = useToggles(team.groupIds);
  const groupIds = [...chosen].sort();
  const edited = useEdited(team.revision);
  const preview = usePreview(
    organisationId,
    isDirty ? { kind: "team-groups", teamId: team.id, groupIds } : null,
  );
  const save = useChange(organisationId, () =>
    call(teams.setTeamGroups, {
      params: { organisationId, teamId: team.id },
      body: { groupIds },
      match: edited.match,
    }),
  );
  return (
    <FormDialog
      action="Save"
      change={save}
      edited={edited}
      isReady={preview.isKnown}
      onClose={onClose}
      onSubmit={(close) => save.mutate(undefined, { onSuccess: close })}
      title={`Encryption groups of ${team.name}`}
    >
      <Checklist
        choices={groups.map(({ id, name, keyIds }) => ({ id, name, about: countOf(keyIds.length, "key") }))}
        chosen={chosen}
        label="Given to everybody in this team and below"
        none="There is no group yet. Make one in the room Keys."
        onToggle={toggle}
      />
      <Preview preview={preview}>Tick a group to see whose status that would change.</Preview>
    </FormDialog>
  );
}
