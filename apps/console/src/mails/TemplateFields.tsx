// Subject, text and button of a mail, and the names that are filled in: pressed, a name goes to where one writes.

import type { MailTemplate } from "@lockstep/api";
import { Textarea, TextInput } from "@mantine/core";
import { useRef, type ReactNode } from "react";
import { flushSync } from "react-dom";

import { CheckIcon } from "../ui/icons.tsx";
import { inBraces, inserted, type Misfit, type Words } from "./template-draft.ts";
import styles from "./templates.module.css";

type Placeholder = MailTemplate["placeholders"][number];

interface TemplateFieldsProps {
  readonly words: Words;
  readonly placeholders: readonly Placeholder[];
  readonly misfit: Misfit | null;
  readonly onChange: (words: Words) => void;
}

export function TemplateFields({ words, placeholders, misfit, onChange }: TemplateFieldsProps): ReactNode {
  const { fieldOf, insert } = useInsertion(words, onChange);
  const errorAt = (field: keyof Words) => (misfit?.field === field ? misfit.sentence : undefined);
  return (
    <>
      <TextInput
        error={errorAt("subject")}
        label="Subject"
        maxLength={200}
        onChange={({ currentTarget: { value } }) => onChange({ ...words, subject: value })}
        required
        value={words.subject}
        {...fieldOf("subject")}
      />
      <Textarea
        classNames={{ input: styles.text ?? "" }}
        description="An empty line begins another paragraph. A paragraph that names what there is not, as a reason that nobody gave, is left out."
        error={errorAt("text")}
        label="Text"
        maxLength={10_000}
        onChange={({ currentTarget: { value } }) => onChange({ ...words, text: value })}
        required
        value={words.text}
        withAsterisk={false}
        {...fieldOf("text")}
      />
      {words.button !== null && (
        <TextInput
          error={errorAt("button")}
          label="Words on the button"
          maxLength={100}
          onChange={({ currentTarget: { value } }) => onChange({ ...words, button: value })}
          value={words.button}
        />
      )}
      <Placeholders onInsert={insert} placeholders={placeholders} text={words.text} />
    </>
  );
}

type Written = "subject" | "text";
type Field = HTMLInputElement | HTMLTextAreaElement;

/** Remembers in which of the two fields one wrote last, and puts names there. */
function useInsertion(words: Words, onChange: TemplateFieldsProps["onChange"]) {
  const fields = useRef<Partial<Record<Written, Field | null>>>({});
  const last = useRef<Written>("text");
  const fieldOf = (name: Written) => ({
    onFocus: () => {
      last.current = name;
    },
    ref: (field: Field | null) => {
      fields.current[name] = field;
    },
  });
  const insert = (placeholder: string) => {
    // No link stands in a subject.
    const name = placeholder === "link" ? "text" : last.current;
    const field = fields.current[name];
    if (!field) return;
    const { selectionStart, selectionEnd } = field;
    const end = words[name].length;
    const selected = { start: selectionStart ?? end, end: selectionEnd ?? end };
    const { text, at } = inserted(words[name], placeholder, selected);
    flushSync(() => onChange({ ...words, [name]: text }));
    field.focus();
    field.setSelectionRange(at, at);
  };
  return { fieldOf, insert };
}

interface PlaceholdersProps {
  readonly placeholders: readonly Placeholder[];
  readonly text: string;
  readonly onInsert: (name: string) => void;
}

function Placeholders({ placeholders, text, onInsert }: PlaceholdersProps): ReactNode {
  return (
    <div className={styles.placeholders}>
      <h3>What is filled in</h3>
      <ul>
        {placeholders.map(({ name, meaning, isRequired }) => (
          <li key={name}>
            <button onClick={() => onInsert(name)} title="Put it where you write" type="button">
              {inBraces(name)}
            </button>
            <span>{meaning}</span>
            {isRequired && <Required isThere={text.includes(inBraces(name))} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Required({ isThere }: { readonly isThere: boolean }): ReactNode {
  return (
    <span className={styles.required} data-there={isThere}>
      {isThere && <CheckIcon />}
      {isThere ? "needed" : "needed, and missing"}
    </span>
  );
}
