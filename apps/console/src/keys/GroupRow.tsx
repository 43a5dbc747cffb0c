// One group: its keys, to how many it is given, and what can be done to it.

import { keys as contract, type Group, type Key } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { useEdited } from "../changes/edited.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { Checklist } from "../ui/Checklist.tsx";
import { KeyIcon } from "../ui/icons.tsx";
import { NameField } from "../ui/NameField.tsx";
import { useToggles } from "../ui/toggles.ts";
import { Reach } from "./Reach.tsx";
import { givenTo } from "./words.ts";
import styles from "./keys.module.css";

interface GroupRowProps {
  readonly organisationId: OrganisationId;
  readonly group: Group;
  readonly keys: readonly Key[];
}

export function GroupRow({ organisationId, group, keys }: GroupRowProps): ReactNode {
  const { name, keyIds } = group;
  const [open, setOpen] = useState<"keys" | "rename" | null>(null);
  const mayEdit = useRights()("edit-keys").allowed;
  const dialog = { organisationId, group, onClose: () => setOpen(null) };
  const inIt = keys.filter(({ id }) => keyIds.includes(id));
  return (
    <li className={styles.row}>
      <div className={styles.rowHead}>
        <div className={styles.rowText}>
          <p className={styles.rowName}>
            <strong>{name}</strong>
          </p>
          <p className={styles.keyNames}>
            <KeyIcon />
            {inIt.length === 0 ? "without a key" : inIt.map((key) => key.name).join(", ")}
          </p>
          <p className={styles.quiet}>{givenTo(group)}</p>
        </div>
        {mayEdit && (
          <div className={styles.rowActions}>
            <ActionButton label={`Edit keys: ${name}`} onClick={() => setOpen("keys")}>
              Edit keys
            </ActionButton>
            <ActionButton label={`Rename: ${name}`} onClick={() => setOpen("rename")}>
              Rename
            </ActionButton>
          </div>
        )}
      </div>
      {open === "keys" && <GroupKeysDialog {...dialog} keys={keys} />}
      {open === "rename" && <RenameGroupDialog {...dialog} />}
    </li>
  );
}

interface GroupDialogProps {
  readonly organisationId: OrganisationId;
  readonly group: Group;
  readonly onClose: () => void;
}

function GroupKeysDialog({
  organisationId,
  group,
  keys,
  onClose,
}: GroupDialogProps & Pick<GroupRowProps, "keys">) {
  const { chosen, isDirty, toggle } = useToggles(group.keyIds);
  const edited = useEdited(group.revision);
  const save = useChange(organisationId, () =>
    call(contract.setGroupKeys, {
      params: { organisationId, groupId: group.id },
      body: { keyIds: [...chosen] },
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
      title={`Keys in ${group.name}`}
    >
      <Checklist
        choices={keys}
        chosen={chosen}
        label="Keys in it"
        none="There is no key yet."
        onToggle={toggle}
      />
      <Reach groups={[group]} organisationId={organisationId} what="its keys" />
    </FormDialog>
  );
}

function RenameGroupDialog({ organisationId, group, onClose }: GroupDialogProps): ReactNode {
  const [name, setName] = useState<string>();
  const edited = useEdited(group.revision);
  const rename = useChange(organisationId, (given: string) =>
    call(contract.renameGroup, {
      params: { organisationId, groupId: group.id },
      body: { name: given },
      match: edited.match,
    }),
  );
  return (
    <FormDialog
      action="Rename"
      change={rename}
      edited={edited}
      isReady={name !== undefined && name !== group.name}
      onClose={onClose}
      onSubmit={(close) => rename.mutate(name ?? group.name, { onSuccess: close })}
      title={`Rename the group ${group.name}`}
    >
      <NameField onChange={setName} value={name ?? group.name} />
    </FormDialog>
  );
}
