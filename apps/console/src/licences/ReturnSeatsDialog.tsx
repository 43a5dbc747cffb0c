// Giving the seats of some users back to their pools.

import { licences } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import type { ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { countOf } from "../ui/format.ts";

interface ReturnSeatsDialogProps {
  readonly organisationId: OrganisationId;
  readonly users: readonly { readonly id: UserId; readonly name: string }[];
  readonly onDone?: () => void;
  readonly onClose: () => void;
}

export function ReturnSeatsDialog(props: ReturnSeatsDialogProps): ReactNode {
  const { organisationId, users, onDone, onClose } = props;
  const giveBack = useChange(organisationId, () =>
    call(licences.returnSeats, {
      params: { organisationId },
      body: { userIds: users.map(({ id }) => id) },
    }),
  );
  const [only] = users;
  const isOne = users.length === 1 && only !== undefined;
  return (
    <FormDialog
      action={isOne ? "Return the seat" : "Return the seats"}
      change={giveBack}
      isGrave
      onClose={onClose}
      onSubmit={(close) =>
        giveBack.mutate(undefined, {
          onSuccess: () => {
            close();
            onDone?.();
          },
        })
      }
      title={
        isOne ? `Return the seat of ${only.name}` : `Return the seats of ${countOf(users.length, "user")}`
      }
    >
      <p>
        {isOne ? "The user becomes" : "They become"} light grey: “No licence”. Every workstation on which{" "}
        {isOne ? "the user is" : "they are"} active is posted a Key-File without keys, and opens no protected
        file any more.
      </p>
      <p>A licence that is assigned later makes it good again.</p>
    </FormDialog>
  );
}
