// What can be done to a workstation as a whole, and why something cannot.

import { workstations, type WorkstationDetail } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { Refused } from "../changes/Refused.tsx";
import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { LostDialog } from "./LostDialog.tsx";
import { MoveWorkstationDialog } from "./MoveWorkstationDialog.tsx";

interface WorkstationActionsProps {
  readonly organisationId: OrganisationId;
  readonly workstation: WorkstationDetail;
}

export function WorkstationActions({ organisationId, workstation }: WorkstationActionsProps): ReactNode {
  const { id: workstationId, activations, lostAt, states } = workstation;
  const [open, setOpen] = useState<"move" | "lost" | null>(null);
  const post = useChange(organisationId, () =>
    call(workstations.postWorkstationPolicy, { params: { organisationId, workstationId } }),
  );
  if (!useRights()("post-updates").allowed) return null;
  const dialog = { organisationId, workstation, onClose: () => setOpen(null) };
  return (
    <>
      <ActionButton onClick={() => setOpen("move")} size="sm">
        Move
      </ActionButton>
      <ActionButton
        loading={post.isPending}
        onClick={() => post.mutate(undefined)}
        size="sm"
        variant={states.includes("requires-policy-update") ? "filled" : "default"}
        why={activations.length === 0 ? "Nobody is active on it, so nothing can be sent to it." : null}
      >
        Post the policy
      </ActionButton>
      <ActionButton
        onClick={() => setOpen("lost")}
        size="sm"
        why={lostAt === null ? null : "It was declared lost already."}
      >
        Declare lost
      </ActionButton>
      <Refused error={post.error} />
      {open === "move" && <MoveWorkstationDialog {...dialog} />}
      {open === "lost" && <LostDialog {...dialog} />}
    </>
  );
}
