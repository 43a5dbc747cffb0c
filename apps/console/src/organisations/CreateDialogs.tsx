// Making an organisation below an authority, and making an authority.

import { authorities, organisations } from "@lockstep/api";
import type { AuthorityId } from "@lockstep/core";
import { Checkbox, NativeSelect } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call, sessionQuery } from "../api.ts";
import { useChange, useIdempotencyKey } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { NameField } from "../ui/NameField.tsx";

export interface AuthorityChoice {
  readonly id: AuthorityId;
  readonly name: string;
}

interface CreateOrganisationDialogProps {
  readonly authorities: readonly AuthorityChoice[];
  readonly onClose: () => void;
}

export function CreateOrganisationDialog(props: CreateOrganisationDialogProps): ReactNode {
  const { authorities: choices, onClose } = props;
  const [name, setName] = useState("");
  const [authority, setAuthority] = useState(choices[0]?.id);
  const [managedByMe, setManagedByMe] = useState(true);
  const queries = useQueryClient();
  const idempotencyKey = useIdempotencyKey();
  const create = useChange("organisations", async (authorityId: AuthorityId) => {
    const body = { name, managedByMe };
    await call(organisations.createOrganisation, { params: { authorityId }, body, idempotencyKey });
    // What the caller may do has changed with it.
    await queries.invalidateQueries(sessionQuery());
  });
  return (
    <FormDialog
      action="Make the organisation"
      change={create}
      onClose={onClose}
      onSubmit={(close) => {
        if (authority !== undefined) create.mutate(authority, { onSuccess: close });
      }}
      title="New organisation"
    >
      <NameField onChange={setName} value={name} />
      {choices.length > 1 && (
        <NativeSelect
          data={choices.map((choice) => ({ value: choice.id, label: choice.name }))}
          label="Authority"
          onChange={({ currentTarget }) =>
            setAuthority(choices.find(({ id }) => id === currentTarget.value)?.id)
          }
          value={authority}
        />
      )}
      <Checkbox
        checked={managedByMe}
        description="Keys, policies and licences are its manager's. Without one nobody can change them."
        label="I manage it"
        onChange={({ currentTarget }) => setManagedByMe(currentTarget.checked)}
      />
      <p>It begins with two root teams, one of people and one of workstations.</p>
    </FormDialog>
  );
}

interface CreateAuthorityDialogProps {
  readonly onClose: () => void;
}

export function CreateAuthorityDialog({ onClose }: CreateAuthorityDialogProps): ReactNode {
  const [name, setName] = useState("");
  const queries = useQueryClient();
  const idempotencyKey = useIdempotencyKey();
  const create = useChange("installation", async () => {
    await call(authorities.createAuthority, { body: { name }, idempotencyKey });
    // Its office is an organisation too.
    await queries.invalidateQueries({ queryKey: ["organisations"] });
  });
  return (
    <FormDialog
      action="Make the authority"
      change={create}
      onClose={onClose}
      onSubmit={(close) => create.mutate(undefined, { onSuccess: close })}
      title="New authority"
    >
      <NameField onChange={setName} value={name} />
      <p>With it comes an office, the organisation in which its own people live.</p>
    </FormDialog>
  );
}
