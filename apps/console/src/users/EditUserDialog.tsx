// Changing a person's name or mail address.

import { users, type User } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { useEdited } from "../changes/edited.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { NameField } from "../ui/NameField.tsx";
import { EmailField } from "./EmailField.tsx";
import styles from "./dialogs.module.css";

interface EditUserDialogProps {
  readonly organisationId: OrganisationId;
  readonly user: User;
  readonly onClose: () => void;
}

export function EditUserDialog({ organisationId, user, onClose }: EditUserDialogProps): ReactNode {
  // What is not touched stays as it is, whoever changes it meanwhile.
  const [name, setName] = useState<string>();
  const [email, setEmail] = useState<string>();
  const edited = useEdited(user.revision);
  const save = useChange(organisationId, () =>
    call(users.editUser, {
      params: { organisationId, userId: user.id },
      body: {
        ...(name !== undefined && { name }),
        ...(email !== undefined && { email: email === "" ? null : email }),
      },
      match: edited.match,
    }),
  );
  return (
    <FormDialog
      action="Save"
      change={save}
      edited={edited}
      isReady={name !== undefined || email !== undefined}
      onClose={onClose}
      onSubmit={(close) => save.mutate(undefined, { onSuccess: close })}
      title={`Edit ${user.name}`}
    >
      <NameField onChange={setName} value={name ?? user.name} />
      <EmailField onChange={setEmail} value={email ?? user.email ?? ""} />
      <p className={styles.quiet}>The username {user.username} never changes.</p>
    </FormDialog>
  );
}
