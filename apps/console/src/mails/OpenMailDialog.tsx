// Opening a mail that waits, to hand it over in another way. Before it is opened one is told that this is recorded.

import { mails, type Mail } from "@lockstep/api";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { mailWords } from "../accounts/words.ts";
import { call } from "../api.ts";
import { ChangeForm } from "../changes/ChangeForm.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Fact } from "../ui/Fact.tsx";
import { Note } from "../ui/Note.tsx";
import ui from "../ui/ui.module.css";
import styles from "./mails.module.css";

interface OpenMailDialogProps {
  readonly mail: Mail;
  readonly onClose: () => void;
}

export function OpenMailDialog({ mail, onClose }: OpenMailDialogProps): ReactNode {
  const { id: mailId, organisationId, user, kind } = mail;
  const queries = useQueryClient();
  const open = useMutation({
    // Not kept: whoever looks again opens it again, and that is recorded again.
    gcTime: 0,
    mutationFn: () => call(mails.openMail, { params: { organisationId, mailId } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["installation", "mails"] }),
  });
  return (
    <Dialog isFirm isWide onClose={onClose} title={`${mailWords[kind]}: mail to ${user.name}`}>
      {(close) =>
        open.data === undefined ? (
          <ChangeForm action="Open and record it" change={open} close={close} onSubmit={() => open.mutate()}>
            <Note isLine title="Opening it is recorded." tone="bad">
              With the link in it whoever has it can act for {user.name}. That you opened it stands in the
              timeline of {user.name}, for all who look after the account, and cannot be taken back.
            </Note>
            <p>Hand it over only to {user.name}, and in a way that nobody else sees.</p>
          </ChangeForm>
        ) : (
          <>
            <dl className={styles.opened}>
              <Fact name="To">{open.data.to ?? "no address"}</Fact>
              <Fact name="Subject">{open.data.subject}</Fact>
            </dl>
            <pre aria-label="Text of the mail" className={styles.text} role="region" tabIndex={0}>
              {open.data.text}
            </pre>
            <div className={ui.buttons}>
              <Button onClick={close} size="sm" variant="filled">
                Done
              </Button>
            </div>
          </>
        )
      }
    </Dialog>
  );
}
