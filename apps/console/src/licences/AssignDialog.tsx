// Giving some users a seat each: which licence has enough of them, and then doing it. All get one, or nobody.

import { licences, type Licence } from "@lockstep/api";
import type { LicenceId, OrganisationId, UserId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call, licencesQuery } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { Loaded } from "../Loaded.tsx";
import { countOf } from "../ui/format.ts";
import { LicenceChoice } from "./LicenceChoice.tsx";
import { whyNoSeat } from "./words.ts";
import styles from "./licences.module.css";

interface AssignDialogProps {
  readonly organisationId: OrganisationId;
  readonly users: readonly { readonly id: UserId; readonly name: string }[];
  readonly onDone?: () => void;
  readonly onClose: () => void;
}

export function AssignDialog({ organisationId, users, onDone, onClose }: AssignDialogProps): ReactNode {
  const query = useQuery(licencesQuery(organisationId));
  const [typed, setTyped] = useState<LicenceId>();
  const assign = useChange(organisationId, (licenceId: LicenceId) =>
    call(licences.assignLicence, {
      params: { organisationId, licenceId },
      body: { userIds: users.map(({ id }) => id) },
    }),
  );
  const fitting = query.data?.licences.filter((licence) => whyNoSeat(licence, users.length) === null) ?? [];
  // Where there is only one, there is nothing to choose.
  const chosen = typed ?? (fitting.length === 1 ? fitting[0]?.id : undefined);
  const [only] = users;
  return (
    <FormDialog
      action="Assign"
      change={assign}
      isReady={chosen !== undefined}
      onClose={onClose}
      onSubmit={(close) => {
        if (chosen === undefined) return;
        assign.mutate(chosen, {
          onSuccess: () => {
            close();
            onDone?.();
          },
        });
      }}
      title={`Assign a licence to ${users.length === 1 && only ? only.name : countOf(users.length, "user")}`}
    >
      <Loaded query={query} skeleton={<Skeleton height={100} />}>
        {(reply) => (
          <LicenceChoice
            chosen={chosen}
            licences={reply.licences}
            onChoose={setTyped}
            whyNot={(licence: Licence) => whyNoSeat(licence, users.length)}
          />
        )}
      </Loaded>
      <p className={styles.quiet}>Whoever holds a seat of another licence changes over.</p>
    </FormDialog>
  );
}
