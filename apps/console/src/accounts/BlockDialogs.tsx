// Blocking an account, changing what was said of a block, and lifting it: with what follows, before it is done.

import { accounts } from "@lockstep/api";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import type { AccountDialogProps } from "./dialog.ts";
import { Follows } from "./Follows.tsx";
import { GroundsFields, groundsOf, readGrounds } from "./Grounds.tsx";
import { useVerdict } from "./verdict.ts";

export function BlockDialog({ organisationId, user, account, onClose }: AccountDialogProps): ReactNode {
  const standing = account?.block ?? null;
  const [grounds, setGrounds] = useState(() => groundsOf(standing));
  const { standing: follows } = useVerdict(organisationId, user.id, "block-account");
  const block = useChange(organisationId, () =>
    call(accounts.blockAccount, {
      params: { organisationId, userId: user.id },
      body: readGrounds(grounds),
    }),
  );
  const isNew = standing === null;
  return (
    <FormDialog
      action={isNew ? "Block the account" : "Save"}
      change={block}
      isGrave={isNew}
      onClose={onClose}
      onSubmit={(close) => block.mutate(undefined, { onSuccess: close })}
      title={isNew ? `Block ${user.name}` : `Change the block of ${user.name}`}
    >
      <GroundsFields grounds={grounds} onChange={setGrounds} />
      {isNew && (
        <Follows standing={follows}>
          Signed in anywhere, they are signed out at once; activation codes are void.
        </Follows>
      )}
    </FormDialog>
  );
}

export function UnblockDialog({ organisationId, user, account, onClose }: AccountDialogProps): ReactNode {
  const { standing: follows } = useVerdict(organisationId, user.id, "unblock-account");
  const unblock = useChange(organisationId, () =>
    call(accounts.unblockAccount, { params: { organisationId, userId: user.id } }),
  );
  const wasDisabled = account !== undefined && account.disabledAt !== null;
  return (
    <FormDialog
      action="Unblock the account"
      change={unblock}
      onClose={onClose}
      onSubmit={(close) => unblock.mutate(undefined, { onSuccess: close })}
      title={`Unblock ${user.name}`}
    >
      <p>
        {wasDisabled
          ? "The account was also disabled for inactivity. Unblocking enables it: the days without activity count from zero."
          : "The account is as before the block. The days without activity count from zero."}
      </p>
      <Follows standing={follows}>Every workstation is posted the unlock.</Follows>
    </FormDialog>
  );
}
