// Making, renaming and deleting a team.

import { teams, type Team } from "@lockstep/api";
import type { OrganisationId, TeamId } from "@lockstep/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call, teamsQuery } from "../api.ts";
import { useChange, useIdempotencyKey } from "../changes/change.ts";
import { useEdited } from "../changes/edited.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { NameField } from "../ui/NameField.tsx";
import { TeamSelector } from "./TeamSelector.tsx";

interface CreateTeamDialogProps {
  readonly organisationId: OrganisationId;
  /** Below which one, unless another one is chosen. */
  readonly parentId: TeamId;
  readonly onClose: () => void;
}

export function CreateTeamDialog({ organisationId, parentId, onClose }: CreateTeamDialogProps): ReactNode {
  const [name, setName] = useState("");
  const [parent, setParent] = useState(parentId);
  const idempotencyKey = useIdempotencyKey();
  const create = useChange(organisationId, () =>
    call(teams.createTeam, { params: { organisationId }, body: { name, parentId: parent }, idempotencyKey }),
  );
  return (
    <FormDialog
      action="Make the team"
      change={create}
      onClose={onClose}
      onSubmit={(close) => create.mutate(undefined, { onSuccess: close })}
      title="New team"
    >
      <NameField onChange={setName} value={name} />
      <TeamSelector
        description="It inherits policy and encryption groups from it."
        label="Below"
        onChange={(team) => setParent(team ?? parentId)}
        organisationId={organisationId}
        value={parent}
      />
    </FormDialog>
  );
}

interface TeamDialogProps {
  readonly organisationId: OrganisationId;
  readonly team: Team;
  readonly onClose: () => void;
}

export function RenameTeamDialog({ organisationId, team, onClose }: TeamDialogProps): ReactNode {
  const [name, setName] = useState<string>();
  const edited = useEdited(team.revision);
  const rename = useChange(organisationId, (given: string) =>
    call(teams.renameTeam, {
      params: { organisationId, teamId: team.id },
      body: { name: given },
      match: edited.match,
    }),
  );
  return (
    <FormDialog
      action="Rename"
      change={rename}
      edited={edited}
      isReady={name !== undefined && name !== team.name}
      onClose={onClose}
      onSubmit={(close) => rename.mutate(name ?? team.name, { onSuccess: close })}
      title={`Rename ${team.name}`}
    >
      <NameField onChange={setName} value={name ?? team.name} />
    </FormDialog>
  );
}

export function DeleteTeamDialog({ organisationId, team, onClose }: TeamDialogProps): ReactNode {
  const navigate = useNavigate();
  const edited = useEdited(team.revision);
  const queries = useQueryClient();
  const leave = async () => {
    await call(teams.deleteTeam, { params: { organisationId, teamId: team.id }, match: edited.match });
    queries.setQueryData(teamsQuery(organisationId).queryKey, (former) =>
      former ? { teams: former.teams.filter(({ id }) => id !== team.id) } : undefined,
    );
    await navigate({ to: "/organisations/$organisationId/teams", params: { organisationId } });
  };
  const remove = useChange(organisationId, leave, team.id);
  return (
    <FormDialog
      action="Delete the team"
      change={remove}
      edited={edited}
      isGrave
      onClose={onClose}
      onSubmit={() => remove.mutate(undefined)}
      title={`Delete ${team.name}`}
    >
      <p>Its policy and its revisions go with it. Nobody is in it, so nobody’s status changes.</p>
    </FormDialog>
  );
}
