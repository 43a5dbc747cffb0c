// Posting to all that are red, or to those of one team.

import type { OrganisationId, TeamId } from "@lockstep/core";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { countsQuery } from "../api.ts";
import { useRights } from "../sessions/rights.ts";
import { TeamSelector } from "../teams/TeamSelector.tsx";
import { Alternatives } from "../ui/Alternatives.tsx";
import { countOf } from "../ui/format.ts";
import { PostDialog } from "./PostDialog.tsx";

interface PostToManyProps {
  readonly organisationId: OrganisationId;
}

export function PostToMany({ organisationId }: PostToManyProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  if (!useRights()("post-updates").allowed) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)} size="sm" variant="filled">
        Post Key-Files
      </Button>
      {isOpen && <PostToManyDialog onClose={() => setOpen(false)} organisationId={organisationId} />}
    </>
  );
}

interface PostToManyDialogProps extends PostToManyProps {
  readonly onClose: () => void;
}

const choices = [
  { value: "all", label: "All that are red" },
  { value: "team", label: "Those of a team" },
] as const;

function PostToManyDialog({ organisationId, onClose }: PostToManyDialogProps): ReactNode {
  const [to, setTo] = useState<"all" | "team">("all");
  const [teamId, setTeamId] = useState<TeamId>();
  const isOfTeam = to === "team";
  const counts = useQuery(countsQuery(organisationId, isOfTeam ? (teamId ?? null) : undefined));
  const red = counts.data?.counts.encryption["update-required"];
  const audience = isOfTeam ? (teamId === undefined ? null : { teamId }) : {};
  return (
    <PostDialog audience={audience} onClose={onClose} organisationId={organisationId} title="Post Key-Files">
      <Alternatives choices={choices} label="To whom" onChange={setTo} value={to} />
      {isOfTeam && (
        <TeamSelector
          description="With those of the teams below it."
          label="Team"
          onChange={setTeamId}
          organisationId={organisationId}
          value={teamId}
        />
      )}
      {audience !== null && red !== undefined && (
        <p aria-live="polite">
          {red === 0 ? "Nobody of them is red." : `${countOf(red, "user")} ${red === 1 ? "is" : "are"} red.`}
        </p>
      )}
    </PostDialog>
  );
}
