// Making a key, and making a group of keys.

import { keys as contract, type Group, type Key } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange, useIdempotencyKey } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { Checklist } from "../ui/Checklist.tsx";
import { NameField } from "../ui/NameField.tsx";
import { useToggles } from "../ui/toggles.ts";
import { givenTo } from "./words.ts";
import styles from "./keys.module.css";

interface CreateDialogProps {
  readonly organisationId: OrganisationId;
  readonly keys: readonly Key[];
  readonly groups: readonly Group[];
  readonly onClose: () => void;
}

const none: readonly never[] = [];

export function CreateKeyDialog({ organisationId, groups, onClose }: CreateDialogProps): ReactNode {
  const [name, setName] = useState("");
  const { chosen, toggle } = useToggles<Group["id"]>(none);
  const idempotencyKey = useIdempotencyKey();
  const create = useChange(organisationId, () =>
    call(contract.createKey, {
      params: { organisationId },
      body: { name, groupIds: [...chosen] },
      idempotencyKey,
    }),
  );
  return (
    <FormDialog
      action="Make the key"
      change={create}
      onClose={onClose}
      onSubmit={(close) => create.mutate(undefined, { onSuccess: close })}
      title="New key"
    >
      <NameField onChange={setName} value={name} />
      <Checklist
        choices={groups.map((group) => ({ id: group.id, name: group.name, about: givenTo(group) }))}
        chosen={chosen}
        label="In these groups"
        none="There is no group yet. The key can be put into one later."
        onToggle={toggle}
      />
      <p className={styles.quiet}>
        Its secret half never leaves the server but in Key-Files. Whoever gets it by a group and is active on
        a workstation is red until a Key-File is posted.
      </p>
    </FormDialog>
  );
}

export function CreateGroupDialog({ organisationId, keys, onClose }: CreateDialogProps): ReactNode {
  const [name, setName] = useState("");
  const { chosen, toggle } = useToggles<Key["id"]>(none);
  const idempotencyKey = useIdempotencyKey();
  const create = useChange(organisationId, () =>
    call(contract.createGroup, {
      params: { organisationId },
      body: { name, keyIds: [...chosen] },
      idempotencyKey,
    }),
  );
  return (
    <FormDialog
      action="Make the group"
      change={create}
      onClose={onClose}
      onSubmit={(close) => create.mutate(undefined, { onSuccess: close })}
      title="New group"
    >
      <NameField onChange={setName} value={name} />
      <Checklist
        choices={keys}
        chosen={chosen}
        label="Keys in it"
        none="There is no key yet. Keys can be put into it later."
        onToggle={toggle}
      />
      <p className={styles.quiet}>
        Then give it to a team, on the team’s page: everybody there and below gets its keys.
      </p>
    </FormDialog>
  );
}
