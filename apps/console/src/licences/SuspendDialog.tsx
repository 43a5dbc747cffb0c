// Suspending a licence, with its impact, and letting it give seats again.

import { licences, type Licence } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import type { ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { useEdited } from "../changes/edited.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { usePreview } from "../standing/preview.ts";
import { Preview } from "../standing/Preview.tsx";
import { countOf } from "../ui/format.ts";

interface LicenceDialogProps {
  readonly organisationId: OrganisationId;
  readonly licence: Licence;
  readonly onClose: () => void;
}

export function SuspendDialog({ organisationId, licence, onClose }: LicenceDialogProps): ReactNode {
  const { id, edition, seatsTaken, revision } = licence;
  const edited = useEdited(revision);
  const preview = usePreview(organisationId, { kind: "licence-suspended", licenceId: id });
  const suspend = useChange(organisationId, () =>
    call(licences.suspendLicence, { params: { organisationId, licenceId: id }, match: edited.match }),
  );
  return (
    <FormDialog
      action="Suspend the licence"
      change={suspend}
      edited={edited}
      isGrave
      isReady={preview.isKnown}
      onClose={onClose}
      onSubmit={(close) => suspend.mutate(undefined, { onSuccess: close })}
      title={`Suspend ${edition}`}
    >
      <p>
        {seatsTaken === 0
          ? "Nobody holds a seat of it."
          : `It frees ${countOf(seatsTaken, "seat")}: whoever holds one becomes light grey, and active workstations are posted a Key-File without keys.`}{" "}
        It gives no seat until it is resumed.
      </p>
      <Preview preview={preview} />
    </FormDialog>
  );
}

export function ResumeDialog({ organisationId, licence, onClose }: LicenceDialogProps): ReactNode {
  const { id, edition, revision } = licence;
  const edited = useEdited(revision);
  const resume = useChange(organisationId, () =>
    call(licences.resumeLicence, { params: { organisationId, licenceId: id }, match: edited.match }),
  );
  return (
    <FormDialog
      action="Resume the licence"
      change={resume}
      edited={edited}
      onClose={onClose}
      onSubmit={(close) => resume.mutate(undefined, { onSuccess: close })}
      title={`Resume ${edition}`}
    >
      <p>It gives seats again. Nobody gets the former seat back by it: assign them anew.</p>
    </FormDialog>
  );
}
