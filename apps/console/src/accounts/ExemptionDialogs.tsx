// Exempting an account from being disabled for inactivity, and ending that.

import { inactivity } from "@lockstep/api";
import { TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import type { AccountDialogProps } from "./dialog.ts";

export function ExemptDialog({ organisationId, user, onClose }: AccountDialogProps): ReactNode {
  const [reason, setReason] = useState("");
  const exempt = useChange(organisationId, () =>
    call(inactivity.exemptUser, { params: { organisationId, userId: user.id }, body: { reason } }),
  );
  return (
    <FormDialog
      action="Exempt the account"
      change={exempt}
      onClose={onClose}
      onSubmit={(close) => exempt.mutate(undefined, { onSuccess: close })}
      title={`Exempt ${user.name}`}
    >
      <p>However long the account is not used, the system does not disable it, and sends no warning.</p>
      <TextInput
        autoComplete="off"
        label="Reason"
        maxLength={1000}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        pattern=".*\S.*"
        placeholder="On call once a year"
        required
        value={reason}
      />
    </FormDialog>
  );
}

export function EndExemptionDialog({ organisationId, user, onClose }: AccountDialogProps): ReactNode {
  const end = useChange(organisationId, () =>
    call(inactivity.endExemption, { params: { organisationId, userId: user.id } }),
  );
  return (
    <FormDialog
      action="End the exemption"
      change={end}
      onClose={onClose}
      onSubmit={(close) => end.mutate(undefined, { onSuccess: close })}
      title={`End the exemption of ${user.name}`}
    >
      <p>
        If the account was not used for too long, its owner is warned first: it is disabled two weeks after
        that at the earliest.
      </p>
    </FormDialog>
  );
}
