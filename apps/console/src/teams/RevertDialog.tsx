// Going back to an earlier revision: what changes, whom it concerns, and then doing it.

import type { Team } from "@lockstep/api";
import type { OrganisationId, Policy } from "@lockstep/core";
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { impactQuery, sentenceOf } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { ImpactTable } from "../standing/ImpactTable.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Note } from "../ui/Note.tsx";
import type { TeamChanges } from "./changes.ts";
import { ChangeList } from "./ChangeList.tsx";
import { settingChangesOf } from "./draft.ts";
import styles from "./teams.module.css";

interface RevertDialogProps {
  readonly organisationId: OrganisationId;
  readonly team: Team;
  /** Null: closed. */
  readonly to: { readonly revision: number; readonly policy: Policy } | null;
  readonly changes: TeamChanges;
  readonly onClose: () => void;
}

export function RevertDialog({ to, onClose, ...rest }: RevertDialogProps): ReactNode {
  if (to === null) return null;
  return (
    <Dialog onClose={onClose} title={`Go back to revision ${to.revision}`}>
      {(close) => <Confirmation {...rest} close={close} to={to} />}
    </Dialog>
  );
}

interface ConfirmationProps extends Omit<RevertDialogProps, "to" | "onClose"> {
  readonly to: NonNullable<RevertDialogProps["to"]>;
  readonly close: () => void;
}

function Confirmation({ organisationId, team, to, changes, close }: ConfirmationProps): ReactNode {
  const { save, revert } = changes;
  const impact = useQuery(
    impactQuery(organisationId, { kind: "team-policy", teamId: team.id, policy: to.policy }),
  );
  const differences = settingChangesOf(team.policy, to.policy);
  const submit = () => {
    save.reset();
    revert.mutate({ to: to.revision, revision: team.revision }, { onSuccess: close });
  };
  return (
    <>
      {differences.length === 0 ? <p>No own setting changes.</p> : <ChangeList changes={differences} />}
      <Loaded query={impact} skeleton={<Skeleton height={120} />}>
        {(reply) => <ImpactTable impact={reply} />}
      </Loaded>
      {revert.error !== null && <Note isLine title={sentenceOf(revert.error).title} tone="bad" />}
      <div className={styles.buttons}>
        <Button
          disabled={!impact.isSuccess}
          loading={revert.isPending}
          onClick={submit}
          size="sm"
          variant="filled"
        >
          Go back
        </Button>
        <Button onClick={close} size="sm">
          Cancel
        </Button>
      </div>
    </>
  );
}
