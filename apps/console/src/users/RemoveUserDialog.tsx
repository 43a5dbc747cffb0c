// Removing a user, which cannot be taken back: what happens is said first, and the username is typed.

import { users, type Standing } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { countOf } from "../ui/format.ts";
import styles from "./dialogs.module.css";

interface RemoveUserDialogProps {
  readonly organisationId: OrganisationId;
  readonly standing: Standing;
  readonly onClose: () => void;
}

export function RemoveUserDialog({ organisationId, standing, onClose }: RemoveUserDialogProps): ReactNode {
  const { user, workstations, conditions, encryption } = standing;
  const [typed, setTyped] = useState("");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const leave = async () => {
    await call(users.removeUser, { params: { organisationId, userId: user.id } });
    // No list shows, not even for a moment, who is no more.
    queries.removeQueries({ queryKey: [organisationId, "users"] });
    await navigate({ to: "/", search: { organisation: organisationId } });
  };
  const remove = useChange(organisationId, leave, user.id);
  const isLinked = conditions.some(({ type, holds }) => type === "directory-linked" && holds);
  const consequences = [
    encryption !== "unlicensed" && "The licence seat goes back to its pool.",
    workstations.length > 0 &&
      `${countOf(workstations.length, "workstation")} ${workstations.length === 1 ? "is" : "are"} posted a wipe, and the user reads no protected file there any more.`,
    "Activation codes are void, and keys of the user’s own are dropped.",
    isLinked &&
      "The person is still in the directory, and is ignored there from now on: “Unignore” on the directory’s page takes that back.",
    "Who has an account keeps it, and shows as “No licence”.",
    "The username is never given again.",
  ];
  return (
    <FormDialog
      action="Remove the user"
      change={remove}
      isGrave
      isReady={typed.trim().toLowerCase() === user.username}
      onClose={onClose}
      onSubmit={() => remove.mutate(undefined)}
      title={`Remove ${user.name}`}
    >
      <ul className={styles.consequences}>
        {consequences.map((sentence) => sentence !== false && <li key={sentence}>{sentence}</li>)}
      </ul>
      <p>This cannot be taken back.</p>
      <TextInput
        autoComplete="off"
        label={`Type the username to confirm: ${user.username}`}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        required
        spellCheck={false}
        value={typed}
      />
    </FormDialog>
  );
}
