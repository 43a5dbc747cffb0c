// Changing the seats or the last day of a licence; another last day shows first whom it concerns.

import { licences, type Licence } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { useEdited } from "../changes/edited.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { usePreview } from "../standing/preview.ts";
import { Preview } from "../standing/Preview.tsx";
import { countOf } from "../ui/format.ts";
import { DayField } from "./DayField.tsx";
import { SeatsField } from "./SeatsField.tsx";
import styles from "./licences.module.css";

interface EditLicenceDialogProps {
  readonly organisationId: OrganisationId;
  readonly licence: Licence;
  readonly onClose: () => void;
}

export function EditLicenceDialog({ organisationId, licence, onClose }: EditLicenceDialogProps): ReactNode {
  const { id, edition, term, validFrom, seatsTaken } = licence;
  // What is not touched stays as it is, whoever changes it meanwhile.
  const [seats, setSeats] = useState<string>();
  const [until, setUntil] = useState<string>();
  const edited = useEdited(licence.revision);
  const validUntil = until === "" ? null : (until ?? licence.validUntil);
  const isPossible = validUntil === null ? term === "perpetual" : validUntil >= validFrom;
  const hasOtherEnd = validUntil !== licence.validUntil && isPossible;
  const preview = usePreview(
    organisationId,
    hasOtherEnd ? { kind: "licence-until", licenceId: id, until: validUntil } : null,
  );
  const save = useChange(organisationId, () =>
    call(licences.editLicence, {
      params: { organisationId, licenceId: id },
      body: {
        ...(seats !== undefined && { seats: Number(seats) }),
        ...(until !== undefined && { validUntil }),
      },
      match: edited.match,
    }),
  );
  const hasOtherSeats = seats !== undefined && Number(seats) !== licence.seats;
  return (
    <FormDialog
      action="Save"
      change={save}
      edited={edited}
      isReady={hasOtherEnd ? preview.isKnown : hasOtherSeats}
      onClose={onClose}
      onSubmit={(close) => save.mutate(undefined, { onSuccess: close })}
      title={`Edit ${edition}`}
    >
      <div className={styles.pair}>
        <SeatsField
          min={Math.max(seatsTaken, 1)}
          onChange={setSeats}
          value={seats ?? String(licence.seats)}
        />
        <DayField
          description={term === "perpetual" ? "Left empty it never ends." : undefined}
          label="Last day"
          min={validFrom}
          onChange={setUntil}
          required={term !== "perpetual"}
          value={validUntil ?? ""}
        />
      </div>
      <p className={styles.quiet}>
        {countOf(seatsTaken, "seat is", "seats are")} taken; fewer cannot be left.
      </p>
      <Preview preview={preview} />
    </FormDialog>
  );
}
