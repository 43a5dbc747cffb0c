// Moving a team with all below it: what it would then inherit and lose, whom that concerns, and then doing it.

import { teams, type Team } from "@lockstep/api";
import type { OrganisationId, TeamId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call, differenceQuery } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { useEdited } from "../changes/edited.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { Loaded } from "../Loaded.tsx";
import { usePreview } from "../standing/preview.ts";
import { Preview } from "../standing/Preview.tsx";
import { Differences } from "./Differences.tsx";
import { TeamSelector } from "./TeamSelector.tsx";
import { isWithin } from "./tree.ts";

interface MoveTeamDialogProps {
  readonly organisationId: OrganisationId;
  readonly team: Team;
  readonly all: readonly Team[];
  readonly onClose: () => void;
}

export function MoveTeamDialog({ organisationId, team, all, onClose }: MoveTeamDialogProps): ReactNode {
  const [parent, setParent] = useState<TeamId>();
  const edited = useEdited(team.revision);
  const preview = usePreview(
    organisationId,
    parent === undefined ? null : { kind: "team-parent", teamId: team.id, parentId: parent },
  );
  const move = useChange(organisationId, (parentId: TeamId) =>
    call(teams.moveTeam, {
      params: { organisationId, teamId: team.id },
      body: { parentId },
      match: edited.match,
    }),
  );
  return (
    <FormDialog
      action="Move"
      change={move}
      edited={edited}
      isReady={preview.isKnown}
      isWide
      onClose={onClose}
      onSubmit={(close) => {
        if (parent !== undefined) move.mutate(parent, { onSuccess: close });
      }}
      title={`Move ${team.name}`}
    >
      <TeamSelector
        description="The team, and all below it, then inherits from there."
        isOffered={(id) => id !== team.parentId && !isWithin(all, id, team.id)}
        label="Below"
        onChange={setParent}
        organisationId={organisationId}
        value={parent}
      />
      {parent !== undefined && <Change organisationId={organisationId} parent={parent} team={team} />}
      <Preview preview={preview} />
    </FormDialog>
  );
}

interface ChangeProps {
  readonly organisationId: OrganisationId;
  readonly team: Team;
  readonly parent: TeamId;
}

function Change({ organisationId, team, parent }: ChangeProps): ReactNode {
  const difference = useQuery(differenceQuery(organisationId, team.id, { parent }));
  return (
    <Loaded query={difference} skeleton={<Skeleton height={80} />}>
      {(reply) => <Differences difference={reply} />}
    </Loaded>
  );
}
