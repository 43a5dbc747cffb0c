// Asks for an update back. Only what no workstation has fetched can be had; the relay knows.

import { updates, type Update } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import type { ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { Refused } from "../changes/Refused.tsx";
import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { isOutstanding, wordsOfUpdate } from "./words.ts";

interface CancelButtonProps {
  readonly organisationId: OrganisationId;
  readonly update: Update;
}

export function CancelButton({ organisationId, update }: CancelButtonProps): ReactNode {
  const { id: updateId, user, workstation } = update;
  const cancel = useChange(organisationId, () =>
    call(updates.cancelUpdate, { params: { organisationId, updateId } }),
  );
  if (!useRights()("post-updates").allowed || !isOutstanding(update)) return null;
  return (
    <>
      <ActionButton
        label={`Cancel: ${wordsOfUpdate(update)} for ${user.name} on ${workstation.name}`}
        loading={cancel.isPending}
        onClick={() => cancel.mutate(undefined)}
        why={whyNot(update)}
      >
        Cancel
      </ActionButton>
      <Refused error={cancel.error} />
    </>
  );
}

function whyNot({ state, isCancelAsked }: Update): string | null {
  if (state === "fetched") {
    return "The workstation has fetched it already, so it ends as the workstation reports.";
  }
  return isCancelAsked ? "It was asked back already. The relay says at the next Proxy Sync." : null;
}
