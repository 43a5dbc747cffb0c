// The button that takes a next step, where the console can take it.

import type { Standing } from "@lockstep/api";
import type { OrganisationId, StepCode } from "@lockstep/core";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { VerdictButton } from "../accounts/VerdictButton.tsx";
import { IssueCodeButton } from "../activations/IssueCodeButton.tsx";
import { UnlinkButton } from "../directories/OrphanButtons.tsx";
import { useInstallationRights, useRights } from "../sessions/rights.ts";
import { SyncButton } from "../sync/ProxySync.tsx";
import { TeamLink } from "../teams/TeamLink.tsx";
import { ActionButton } from "../ui/ActionButton.tsx";
import { AssignButton } from "./Seat.tsx";
import styles from "./user.module.css";

/** What a step opens. It stays open when the step has been taken and is a step no longer. */
export type StepDialog = "code" | "key-file" | "deactivation" | "unblock" | "resend";

interface StepActionProps {
  readonly organisationId: OrganisationId;
  readonly standing: Standing;
  readonly code: StepCode;
  readonly onOpen: (dialog: StepDialog) => void;
}

type StepProps = Omit<StepActionProps, "code">;

const actions: Readonly<Partial<Record<StepCode, (step: StepProps) => ReactNode>>> = {
  "add-seats": Licences,
  "renew-licence": Licences,
  "assign-licence": Assign,
  "generate-activation-code": GenerateCode,
  "enter-activation-code": AnotherCode,
  "post-key-file": PostKeyFile,
  "sync-workstation": Synchronise,
  "unlink-from-directory": Deactivate,
  "enable-organisation": Installation,
  "unblock-account": Unblock,
  "activate-account": Resend,
};

export function StepAction({ code, ...step }: StepActionProps): ReactNode {
  const Action = actions[code];
  return Action && <Action {...step} />;
}

function Assign({ organisationId, standing }: StepProps): ReactNode {
  return <AssignButton organisationId={organisationId} user={standing.user} />;
}

function AnotherCode({ onOpen, ...step }: StepProps): ReactNode {
  return (
    <div className={styles.stepActions}>
      <IssueCodeButton onOpen={() => onOpen("code")} {...step} />
    </div>
  );
}

function Unblock({ organisationId, standing, onOpen }: StepProps): ReactNode {
  if (!useRights()("read-teams").allowed) return null;
  return (
    <div className={styles.stepActions}>
      <VerdictButton
        action="unblock-account"
        onClick={() => onOpen("unblock")}
        organisationId={organisationId}
        userId={standing.user.id}
      >
        Unblock
      </VerdictButton>
    </div>
  );
}

function Resend({ organisationId, standing, onOpen }: StepProps): ReactNode {
  if (!useRights()("read-teams").allowed) return null;
  return (
    <div className={styles.stepActions}>
      <VerdictButton
        action="resend-invitation"
        onClick={() => onOpen("resend")}
        organisationId={organisationId}
        userId={standing.user.id}
      >
        Send the invitation again
      </VerdictButton>
    </div>
  );
}

function Synchronise({ organisationId }: StepProps): ReactNode {
  return (
    <div className={styles.stepActions}>
      <SyncButton organisationId={organisationId} />
    </div>
  );
}

/** A code takes a seat by itself; who wants to say of which licence assigns one first. */
function GenerateCode({ organisationId, standing, onOpen }: StepProps): ReactNode {
  return (
    <div className={styles.stepActions}>
      <IssueCodeButton onOpen={() => onOpen("code")} organisationId={organisationId} standing={standing} />
      {standing.encryption === "unlicensed" && (
        <AssignButton organisationId={organisationId} user={standing.user} />
      )}
    </div>
  );
}

function PostKeyFile({ organisationId, standing: { user, account }, onOpen }: StepProps): ReactNode {
  if (!useRights()("post-updates").allowed) return null;
  return (
    <div className={styles.stepActions}>
      <ActionButton
        onClick={() => onOpen("key-file")}
        why={account === "blocked" ? "The account is blocked, so nothing is posted. Unblock it first." : null}
      >
        Post a Key-File
      </ActionButton>
      <span className={styles.source}>
        or revert the change on the page of{" "}
        <TeamLink organisationId={organisationId} team={{ id: user.teamId, name: user.team }} />
      </span>
    </div>
  );
}

/** Whoever stays is unlinked; whoever has left is deactivated first, and then removed. */
function Deactivate({ organisationId, standing: { workstations, user }, onOpen }: StepProps): ReactNode {
  if (!useRights()("post-updates").allowed) return null;
  return (
    <div className={styles.stepActions}>
      <UnlinkButton organisationId={organisationId} userIds={[user.id]} />
      <ActionButton
        onClick={() => onOpen("deactivation")}
        why={workstations.length === 0 ? "The user is active on no workstation." : null}
      >
        Deactivate the workstations
      </ActionButton>
    </div>
  );
}

function Licences({ organisationId }: StepProps): ReactNode {
  if (!useRights()("edit-licences").allowed) return null;
  return (
    <Button
      className={styles.inline ?? ""}
      renderRoot={(props) => (
        <Link params={{ organisationId }} to="/organisations/$organisationId/licences" {...props} />
      )}
    >
      Licences
    </Button>
  );
}

function Installation({ organisationId }: StepProps): ReactNode {
  const may = useInstallationRights()("read-installation").allowed;
  const maySwitch = useRights()("switch-organisation").allowed;
  if (!may && !maySwitch) return null;
  return (
    <Button
      className={styles.inline ?? ""}
      renderRoot={(props) => <Link search={{ organisation: organisationId }} to="/installation" {...props} />}
    >
      Installation
    </Button>
  );
}
