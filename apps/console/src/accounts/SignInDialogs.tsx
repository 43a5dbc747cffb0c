// Taking a second factor away from somebody who has lost it, and forgetting who somebody is at the provider.

import { secondFactors, singleSignOn } from "@lockstep/api";
import type { ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import type { AccountDialogProps } from "./dialog.ts";

export function ResetFactorDialog({ organisationId, user, onClose }: AccountDialogProps): ReactNode {
  const reset = useChange(organisationId, () =>
    call(secondFactors.resetSecondFactor, { params: { organisationId, userId: user.id } }),
  );
  return (
    <FormDialog
      action="Reset the second factor"
      change={reset}
      isGrave
      onClose={onClose}
      onSubmit={(close) => reset.mutate(undefined, { onSuccess: close })}
      title={`Reset the second factor of ${user.name}`}
    >
      <p>
        The app and the recovery codes do not count any more, and every session and token of {user.name} ends.
        Afterwards the password alone signs in, until another one is set up.
      </p>
      <p>Make sure that it is {user.name} who asks: somebody who knows the password could do so as well.</p>
    </FormDialog>
  );
}

export function UnlinkDialog({ organisationId, user, onClose }: AccountDialogProps): ReactNode {
  const unlink = useChange(organisationId, () =>
    call(singleSignOn.unlinkSingleSignOn, { params: { organisationId, userId: user.id } }),
  );
  return (
    <FormDialog
      action="Unlink from the provider"
      change={unlink}
      isGrave
      onClose={onClose}
      onSubmit={(close) => unlink.mutate(undefined, { onSuccess: close })}
      title={`Unlink ${user.name} from the provider`}
    >
      <p>
        Who {user.name} is there is forgotten, and sessions in browsers end. Whoever comes next under the same
        name is taken for {user.name}: do it when they got another account at the provider.
      </p>
    </FormDialog>
  );
}
