// Inviting somebody to have an account, sending the mail again, and taking back an account that was never activated.

import { invitations } from "@lockstep/api";
import type { ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import type { AccountDialogProps } from "./dialog.ts";
import { Follows } from "./Follows.tsx";
import { useVerdict } from "./verdict.ts";

const whereTo = (email: string | null) =>
  email === null ? "There is no mail address yet: add one first." : `The mail goes to ${email}.`;

export function InviteDialog({ organisationId, user, onClose }: AccountDialogProps): ReactNode {
  const { standing } = useVerdict(organisationId, user.id, "invite-account");
  const invite = useChange(organisationId, () =>
    call(invitations.inviteAccount, { params: { organisationId, userId: user.id } }),
  );
  return (
    <FormDialog
      action="Send the invitation"
      change={invite}
      isReady={user.email !== null}
      onClose={onClose}
      onSubmit={(close) => invite.mutate(undefined, { onSuccess: close })}
      title={`Invite ${user.name}`}
    >
      <p>{whereTo(user.email)} Its link works once, for three days; with it they choose a password.</p>
      <Follows standing={standing} />
    </FormDialog>
  );
}

export function ResendDialog({ organisationId, user, onClose }: AccountDialogProps): ReactNode {
  const resend = useChange(organisationId, () =>
    call(invitations.resendInvitation, { params: { organisationId, userId: user.id } }),
  );
  return (
    <FormDialog
      action="Send it again"
      change={resend}
      isReady={user.email !== null}
      onClose={onClose}
      onSubmit={(close) => resend.mutate(undefined, { onSuccess: close })}
      title={`Send the invitation to ${user.name} again`}
    >
      <p>{whereTo(user.email)} The link of the former mail does not work any more.</p>
    </FormDialog>
  );
}

export function WithdrawDialog({ organisationId, user, account, onClose }: AccountDialogProps): ReactNode {
  const { standing } = useVerdict(organisationId, user.id, "withdraw-invitation");
  const isBlocked = (account?.block ?? null) !== null;
  const withdraw = useChange(organisationId, () =>
    call(invitations.withdrawInvitation, { params: { organisationId, userId: user.id } }),
  );
  return (
    <FormDialog
      action="Withdraw the invitation"
      change={withdraw}
      isGrave
      onClose={onClose}
      onSubmit={(close) => withdraw.mutate(undefined, { onSuccess: close })}
      title={`Withdraw the invitation of ${user.name}`}
    >
      <p>
        The link does not work any more, and {user.name} is known for encryption only again. Seat, keys and
        workstations stay.{isBlocked && " The block goes with the account."}
      </p>
      <Follows standing={standing} />
    </FormDialog>
  );
}
