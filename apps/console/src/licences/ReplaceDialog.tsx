// Moving every seat of a licence to another one, as when a new order takes over from an old one.

import { licences, type Licence } from "@lockstep/api";
import type { LicenceId, OrganisationId } from "@lockstep/core";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { countOf } from "../ui/format.ts";
import { LicenceChoice } from "./LicenceChoice.tsx";
import { whyNoSeat } from "./words.ts";

interface ReplaceDialogProps {
  readonly organisationId: OrganisationId;
  readonly licence: Licence;
  readonly all: readonly Licence[];
  readonly onClose: () => void;
}

export function ReplaceDialog({ organisationId, licence, all, onClose }: ReplaceDialogProps): ReactNode {
  const { id, edition, seatsTaken } = licence;
  const [chosen, setChosen] = useState<LicenceId>();
  const replace = useChange(organisationId, (by: LicenceId) =>
    call(licences.replaceLicence, { params: { organisationId, licenceId: id }, body: { by } }),
  );
  return (
    <FormDialog
      action="Replace"
      change={replace}
      isReady={chosen !== undefined}
      onClose={onClose}
      onSubmit={(close) => {
        if (chosen !== undefined) replace.mutate(chosen, { onSuccess: close });
      }}
      title={`Replace ${edition}`}
    >
      <p>
        {countOf(seatsTaken, "seat")} {seatsTaken === 1 ? "moves" : "move"} to the licence that you choose,
        all of them or none. Nobody’s workstation notices.
      </p>
      <LicenceChoice
        chosen={chosen}
        licences={all.filter((other) => other.id !== id)}
        onChoose={setChosen}
        whyNot={(other) => whyNoSeat(other, seatsTaken)}
      />
    </FormDialog>
  );
}
