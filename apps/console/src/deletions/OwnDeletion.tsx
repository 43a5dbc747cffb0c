// Deleting the own account: what it means, asking for it, and when it will be done.

import { deletions } from "@lockstep/api";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { VerdictButton } from "../accounts/VerdictButton.tsx";
import { call, sessionQuery } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { Loaded } from "../Loaded.tsx";
import { besidesPassword, OwnPasswordField, useOwnPassword } from "../sessions/OwnPassword.tsx";
import { Section } from "../ui/Section.tsx";
import { DueDate } from "./DueDate.tsx";
import styles from "./deletions.module.css";

export function OwnDeletion(): ReactNode {
  const session = useQuery(sessionQuery());
  const [isAsking, setAsking] = useState(false);
  return (
    <Section title="Delete your account">
      <Loaded query={session} skeleton={<Skeleton height={80} />}>
        {({ user: { id: userId, organisationId }, deletionDueAt }) => (
          <div className={styles.own}>
            {deletionDueAt === null ? (
              <>
                <p>
                  After seven days, in which you can withdraw it, nothing is left of you here but your
                  username.
                </p>
                <div>
                  <VerdictButton
                    action="request-deletion"
                    onClick={() => setAsking(true)}
                    organisationId={organisationId}
                    userId={userId}
                  >
                    Delete my account
                  </VerdictButton>
                </div>
              </>
            ) : (
              <p>
                You asked for it. It will be deleted on <DueDate at={deletionDueAt} />, unless you withdraw it
                at the top of any page.
              </p>
            )}
          </div>
        )}
      </Loaded>
      {isAsking && <AskDialog onClose={() => setAsking(false)} />}
    </Section>
  );
}

const consequences = [
  "For seven days nothing changes: you work as before, and withdraw it with one press.",
  "Then you are signed out everywhere, and your tokens end.",
  "Each of your workstations is posted a wipe: you read no protected file there any more.",
  "Your licence seat, activation codes and keys of your own are given back or void.",
  "Your name, your address and everything that was said of you are erased, in the timeline too. Only your username stays, and nobody is ever given it again.",
];

function AskDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const own = useOwnPassword();
  const ask = useChange("session", () => call(deletions.requestDeletion, { body: { password: own.given } }));
  return (
    <FormDialog
      action="Delete my account in seven days"
      change={besidesPassword(ask)}
      isGrave
      onClose={onClose}
      onSubmit={(close) => ask.mutate(undefined, { onSuccess: close })}
      title="Delete your account"
    >
      <ul className={styles.consequences}>
        {consequences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <p>
        Nobody can bring it back then. Those who manage your account see that you asked, and cannot hasten it.
      </p>
      <OwnPasswordField error={ask.error} own={own} />
    </FormDialog>
  );
}
