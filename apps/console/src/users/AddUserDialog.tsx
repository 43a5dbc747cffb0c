// Adding one person.

import { users } from "@lockstep/api";
import type { OrganisationId, TeamId } from "@lockstep/core";
import { TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange, useIdempotencyKey } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { TeamSelector } from "../teams/TeamSelector.tsx";
import { NameField } from "../ui/NameField.tsx";
import { EmailField } from "./EmailField.tsx";

interface AddUserDialogProps {
  readonly organisationId: OrganisationId;
  /** Into which team, unless another one is chosen. */
  readonly teamId: TeamId | undefined;
  readonly onClose: () => void;
}

export function AddUserDialog({ organisationId, teamId, onClose }: AddUserDialogProps): ReactNode {
  const [name, setName] = useState("");
  const [username, setUsername] = useState("");
  const [email, setEmail] = useState("");
  const [team, setTeam] = useState(teamId);
  const idempotencyKey = useIdempotencyKey();
  const navigate = useNavigate();
  const add = useChange(organisationId, () =>
    call(users.addUser, {
      params: { organisationId },
      body: { name, username, email: email === "" ? null : email, ...(team && { teamId: team }) },
      idempotencyKey,
    }),
  );
  const submit = (close: () => void) =>
    add.mutate(undefined, {
      onSuccess: ({ id }) => {
        close();
        void navigate({
          to: "/organisations/$organisationId/users/$userId",
          params: { organisationId, userId: id },
        });
      },
    });
  return (
    <FormDialog action="Add the user" change={add} onClose={onClose} onSubmit={submit} title="Add a user">
      <NameField onChange={setName} value={name} />
      <TextInput
        autoCapitalize="none"
        autoComplete="off"
        description="Unique in the whole installation, never changed and never given again."
        label="Username"
        maxLength={200}
        onChange={({ currentTarget }) => setUsername(currentTarget.value)}
        pattern="\S+"
        required
        spellCheck={false}
        title="A username has no spaces."
        value={username}
      />
      <EmailField onChange={setEmail} value={email} />
      <TeamSelector
        label="Team"
        onChange={setTeam}
        organisationId={organisationId}
        placeholder="The root team"
        value={team}
      />
    </FormDialog>
  );
}
