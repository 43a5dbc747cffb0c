// What can be done to a team as a whole, and why something cannot.

import type { Team } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useState, type ReactNode } from "react";

import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { PostButton } from "../updates/PostButton.tsx";
import { MoveTeamDialog } from "./MoveTeamDialog.tsx";
import { CreateTeamDialog, DeleteTeamDialog, RenameTeamDialog } from "./TeamDialogs.tsx";
import styles from "./teams.module.css";

interface TeamActionsProps {
  readonly organisationId: OrganisationId;
  readonly team: Team;
  readonly all: readonly Team[];
  /** How many people are in it or below; undefined while that is not known. */
  readonly people: number | undefined;
  /** How many of them are red. */
  readonly red: number | undefined;
}

const isRootWords = "The root team holds the organisation’s policy and stays where it is.";

export function TeamActions({ organisationId, team, all, people, red }: TeamActionsProps): ReactNode {
  const [open, setOpen] = useState<"create" | "rename" | "move" | "delete" | null>(null);
  const may = useRights();
  if (!may("edit-teams").allowed) return null;
  const close = () => setOpen(null);
  const isRoot = team.parentId === null;
  const isFull = (people ?? 0) > 0 || all.some(({ parentId }) => parentId === team.id);
  const full = isFull ? "The team still has people or teams. Move them first." : null;
  const common = { organisationId, team, onClose: close };
  return (
    <div className={styles.actions}>
      <PostButton
        audience={{ teamId: team.id }}
        organisationId={organisationId}
        to={`Key-Files to ${team.name} and the teams below it`}
        why={red === 0 ? "Nobody in it or below is red." : null}
      >
        Post Key-Files
      </PostButton>
      <ActionButton onClick={() => setOpen("create")}>New sub-team</ActionButton>
      <ActionButton onClick={() => setOpen("rename")}>Rename</ActionButton>
      <ActionButton onClick={() => setOpen("move")} why={isRoot ? isRootWords : null}>
        Move
      </ActionButton>
      <ActionButton onClick={() => setOpen("delete")} why={isRoot ? isRootWords : full}>
        Delete
      </ActionButton>
      {open === "create" && (
        <CreateTeamDialog onClose={close} organisationId={organisationId} parentId={team.id} />
      )}
      {open === "rename" && <RenameTeamDialog {...common} />}
      {open === "move" && <MoveTeamDialog {...common} all={all} />}
      {open === "delete" && <DeleteTeamDialog {...common} />}
    </div>
  );
}
