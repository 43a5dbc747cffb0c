// What to do about it, in order: who, what, and what follows.

import type { Standing } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useState, type ReactNode } from "react";

import { UnblockDialog } from "../accounts/BlockDialogs.tsx";
import { ResendDialog } from "../accounts/InvitationDialogs.tsx";
import { IssueCodeDialog } from "../activations/IssueCodeDialog.tsx";
import { ArrowIcon } from "../ui/icons.tsx";
import { Section } from "../ui/Section.tsx";
import { CommandDialog } from "../updates/CommandDialog.tsx";
import { PostDialog } from "../updates/PostDialog.tsx";
import { StepAction, type StepDialog } from "./StepAction.tsx";
import styles from "./user.module.css";

interface NextStepsProps {
  readonly organisationId: OrganisationId;
  readonly standing: Standing;
}

export function NextSteps({ organisationId, standing }: NextStepsProps): ReactNode {
  const { next, reasons } = standing;
  const [open, setOpen] = useState<StepDialog | null>(null);
  return (
    <Section title="What next">
      {next.length === 0 ? (
        <p className={styles.calm}>
          {reasons.length === 0
            ? "Nothing needs to be done."
            : "Nothing needs to be, or can be, done about it."}
        </p>
      ) : (
        <ol className={styles.steps}>
          {next.map(({ code, who, sentence, then }) => (
            <li key={code}>
              <p className={styles.actor}>{who}</p>
              <p className={styles.step}>{sentence}</p>
              <p className={styles.then}>
                <ArrowIcon />
                <span>
                  <span className={styles.hidden}>Then: </span>
                  {then}
                </span>
              </p>
              <StepAction code={code} onOpen={setOpen} organisationId={organisationId} standing={standing} />
            </li>
          ))}
        </ol>
      )}
      <Opened onClose={() => setOpen(null)} open={open} organisationId={organisationId} standing={standing} />
    </Section>
  );
}

interface OpenedProps extends NextStepsProps {
  readonly open: StepDialog | null;
  readonly onClose: () => void;
}

function Opened({ open, standing, ...dialog }: OpenedProps): ReactNode {
  const { user, workstations } = standing;
  switch (open) {
    case "code":
      return <IssueCodeDialog standing={standing} {...dialog} />;
    case "key-file":
      return (
        <PostDialog audience={{ userIds: [user.id] }} title={`Post a Key-File to ${user.name}`} {...dialog} />
      );
    case "deactivation":
      return <CommandDialog kind="deactivate" user={user} workstations={workstations} {...dialog} />;
    case "unblock":
      return <UnblockDialog user={user} {...dialog} />;
    case "resend":
      return <ResendDialog user={user} {...dialog} />;
    case null:
      return null;
  }
}
