// Giving a mail back the words that it came with, after a question.

import { mailTemplates, type MailTemplate } from "@lockstep/api";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import type { Edited } from "../changes/edited.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { useInstallationRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { languageWords } from "./words.ts";

interface ResetButtonProps {
  readonly template: MailTemplate;
  readonly edited: Edited;
  readonly onReset: () => void;
}

export function ResetButton({ template, edited, onReset }: ResetButtonProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const right = useInstallationRights()("edit-mail-server");
  const why = template.isOwn ? null : "It says what it came with.";
  return (
    <>
      <ActionButton onClick={() => setOpen(true)} why={right.allowed ? why : right.why}>
        Back to the original
      </ActionButton>
      {isOpen && (
        <ResetDialog edited={edited} onClose={() => setOpen(false)} onReset={onReset} template={template} />
      )}
    </>
  );
}

function ResetDialog(props: ResetButtonProps & { readonly onClose: () => void }): ReactNode {
  const { template, edited, onReset, onClose } = props;
  const { kind, language } = template;
  const reset = useChange("installation", () =>
    call(mailTemplates.resetMailTemplate, { params: { kind, language }, match: edited.match }),
  );
  return (
    <FormDialog
      action="Give them back"
      change={reset}
      edited={edited}
      isGrave
      onClose={onClose}
      onSubmit={(close) =>
        reset.mutate(undefined, {
          onSuccess: () => {
            onReset();
            close();
          },
        })
      }
      title="Back to the original words"
    >
      <p>
        In {languageWords[language]} the mail says again what it came with. What an administrator had it say
        is forgotten, and so is what you have typed here; mails that wait say the original, too.
      </p>
    </FormDialog>
  );
}
