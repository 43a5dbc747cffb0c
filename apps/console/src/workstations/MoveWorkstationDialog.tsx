// Putting a workstation into another workstation team, whose policy then holds on it.

import { workstations, type WorkstationDetail } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call, workstationTeamsQuery } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { treeOf } from "../teams/tree.ts";

interface MoveWorkstationDialogProps {
  readonly organisationId: OrganisationId;
  readonly workstation: WorkstationDetail;
  readonly onClose: () => void;
}

export function MoveWorkstationDialog(props: MoveWorkstationDialogProps): ReactNode {
  const { organisationId, workstation, onClose } = props;
  const { id: workstationId, name, teamId: saved } = workstation;
  const { data } = useQuery(workstationTeamsQuery(organisationId));
  const [teamId, setTeamId] = useState(saved);
  const move = useChange(organisationId, () =>
    call(workstations.moveWorkstation, { params: { organisationId, workstationId }, body: { teamId } }),
  );
  const teams = treeOf(data?.workstationTeams ?? []);
  return (
    <FormDialog
      action="Move"
      change={move}
      isReady={teamId !== saved}
      onClose={onClose}
      onSubmit={(close) => move.mutate(undefined, { onSuccess: close })}
      title={`Move ${name}`}
    >
      <NativeSelect
        data={teams.map(({ team, depth }) => ({
          value: team.id,
          label: `${"\u2003".repeat(depth)}${team.name}`,
        }))}
        label="To the workstation team"
        onChange={({ currentTarget: { value } }) =>
          setTeamId(teams.find(({ team }) => team.id === value)?.team.id ?? saved)
        }
        value={teamId}
      />
      <p>
        If another policy holds there, the workstation requires a policy update until one is posted. Nobody’s
        colour changes by it.
      </p>
    </FormDialog>
  );
}
