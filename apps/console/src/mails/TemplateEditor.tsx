// The words of a mail as fields, with the names that may stand in them at hand, and the mail beside them as it would be
// read. What does not fit is said at its field before it is saved.

import { mailTemplates, type MailTemplate } from "@lockstep/api";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { useEditing, type Editing } from "../changes/edited.ts";
import { Overtaken } from "../changes/Overtaken.tsx";
import { Refused } from "../changes/Refused.tsx";
import { useInstallationRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { Form } from "../ui/Form.tsx";
import { Note } from "../ui/Note.tsx";
import { Section } from "../ui/Section.tsx";
import { mailPreviewQuery } from "./queries.ts";
import { ResetButton } from "./ResetButton.tsx";
import {
  isChanged,
  isComplete,
  misfitOf,
  sentWords,
  wordsOf,
  type Misfit,
  type Words,
} from "./template-draft.ts";
import { TemplateFields } from "./TemplateFields.tsx";
import { TemplatePreview } from "./TemplatePreview.tsx";
import styles from "./templates.module.css";

/** So long nothing is typed before the mail is shown anew. */
const restMilliseconds = 250;

interface EditorProps {
  readonly template: MailTemplate;
}

export function TemplateEditor({ template }: EditorProps): ReactNode {
  const saved = useMemo(() => wordsOf(template), [template]);
  const editing = useEditing(saved, template.revision);
  const words = editing.draft;
  const [rested] = useDebouncedValue(words, restMilliseconds);
  const preview = useQuery(mailPreviewQuery(template, isComplete(rested) ? sentWords(rested) : null));
  const isDirty = isChanged(words, saved);
  useBlocker({
    shouldBlockFn: () => isDirty && !window.confirm("Leave without saving what the mail is to say?"),
    enableBeforeUnload: isDirty,
  });
  return (
    <div className={styles.columns}>
      <Section
        aside={
          <div className={styles.aside}>
            <span>{template.isOwn ? "Changed" : "As it came"}</span>
            <ResetButton edited={editing.edited} onReset={editing.settle} template={template} />
          </div>
        }
        title="Words"
      >
        <WordsForm editing={editing} misfit={misfitOf(preview.error, rested)} template={template} />
      </Section>
      <div className={styles.sticky}>
        <TemplatePreview preview={preview} />
      </div>
    </div>
  );
}

interface WordsFormProps extends EditorProps {
  readonly editing: Editing<Words>;
  /** As the preview was refused. */
  readonly misfit: Misfit | null;
}

function WordsForm({ template, editing, misfit }: WordsFormProps): ReactNode {
  const { kind, language } = template;
  const { draft: words, edited, change, settle } = editing;
  const right = useInstallationRights()("edit-mail-server");
  const save = useChange("installation", (body: Words) =>
    call(mailTemplates.setMailTemplate, { params: { kind, language }, body, match: edited.match }),
  );
  const isDirty = isChanged(words, wordsOf(template));
  const isJustSaved = save.isSuccess && !isDirty && save.data.revision === template.revision;
  const refused = misfitOf(save.error, words);
  const why = right.allowed ? whyNotYet(words, { isDirty, misfit }) : right.why;
  const submit = () => {
    if (why === null && !edited.isOvertaken && !save.isPending)
      save.mutate(sentWords(words), { onSuccess: settle });
  };
  return (
    <div className={styles.form}>
      <Form label="Words" onSubmit={submit}>
        <TemplateFields
          misfit={misfit ?? refused}
          onChange={(changed) => {
            // What was saved or refused is the past once one types on.
            if (!save.isIdle) save.reset();
            change(changed);
          }}
          placeholders={template.placeholders}
          words={words}
        />
        <Overtaken change={save} edited={edited} />
        <Refused error={refused === null ? save.error : null} />
        {isJustSaved && <Note isLine title="Saved." tone="good" />}
        <div className={styles.buttons}>
          <ActionButton loading={save.isPending} onClick={submit} size="sm" variant="filled" why={why}>
            Save
          </ActionButton>
        </div>
      </Form>
    </div>
  );
}

function whyNotYet(
  words: Words,
  { isDirty, misfit }: { readonly isDirty: boolean; readonly misfit: Misfit | null },
): string | null {
  if (!isDirty) return "Nothing is changed.";
  if (!isComplete(words)) return "A mail has a subject and a text.";
  return misfit === null ? null : misfit.sentence;
}
