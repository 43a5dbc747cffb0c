// Choosing which encryption groups a user gets besides those of the team.

import { users, type Group, type User } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import type { ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { useEdited } from "../changes/edited.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { Checklist } from "../ui/Checklist.tsx";
import { countOf } from "../ui/format.ts";
import { useToggles } from "../ui/toggles.ts";
import styles from "./dialogs.module.css";

interface UserGroupsDialogProps {
  readonly organisationId: OrganisationId;
  readonly user: User;
  readonly groups: readonly Group[];
  readonly onClose: () => void;
}

export function UserGroupsDialog({
  organisationId,
  user,
  groups,
  onClose,
}: UserGroupsDialogProps): ReactNode {
  const { chosen, isDirty, toggle } = useToggles(user.groupIds);
  const edited = useEdited(user.revision);
  const save = useChange(organisationId, () =>
    call(users.setUserGroups, {
      params: { organisationId, userId: user.id },
      body: { groupIds: [...chosen] },
      match: edited.match,
    }),
  );
  return (
    <FormDialog
      action="Save"
      change={save}
      edited={edited}
      isReady={isDirty}
      onClose={onClose}
      onSubmit={(close) => save.mutate(undefined, { onSuccess: close })}
      title={`Own encryption groups of ${user.name}`}
    >
      <Checklist
        choices={groups.map(({ id, name, keyIds }) => ({ id, name, about: countOf(keyIds.length, "key") }))}
        chosen={chosen}
        label="Given to this user alone"
        none="There is no group yet. Make one in the room Keys."
        onToggle={toggle}
      />
      <p className={styles.quiet}>
        With own groups an active user is purple. Where a workstation does not hold their keys yet, the user
        is red until a Key-File is posted.
      </p>
    </FormDialog>
  );
}
