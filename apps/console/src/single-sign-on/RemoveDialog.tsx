// Forgetting an organisation's provider, and who its people are there.

import { singleSignOn } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import type { ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { countOf } from "../ui/format.ts";

interface RemoveDialogProps {
  readonly organisationId: OrganisationId;
  readonly name: string;
  readonly linked: number;
  readonly onRemoved: () => void;
  readonly onClose: () => void;
}

export function RemoveDialog({
  organisationId,
  name,
  linked,
  onRemoved,
  onClose,
}: RemoveDialogProps): ReactNode {
  const remove = useChange(organisationId, () =>
    call(singleSignOn.removeSingleSignOn, { params: { organisationId } }),
  );
  return (
    <FormDialog
      action="Forget the provider"
      change={remove}
      isGrave
      onClose={onClose}
      onSubmit={() => remove.mutate(undefined, { onSuccess: onRemoved })}
      title={`Forget ${name}`}
    >
      <p>
        Nobody signs in by it any more. {countOf(linked, "person has", "people have")} come by it so far; who
        they are there is forgotten. Nobody is removed, and whoever is signed in stays so. Afterwards they
        sign in with a password; who has none asks for a mail with “Forgot your password?”.
      </p>
    </FormDialog>
  );
}
