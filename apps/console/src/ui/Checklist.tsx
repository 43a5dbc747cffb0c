// Several of many, chosen with ticks; what is searched for is found by the beginning of a word.

import { Checkbox, TextInput } from "@mantine/core";
import { useId, useState, type ReactNode } from "react";

import styles from "./ui.module.css";

interface Choice<Id extends string> {
  readonly id: Id;
  readonly name: string;
  readonly about?: string;
}

interface ChecklistProps<Id extends string> {
  readonly label: string;
  readonly choices: readonly Choice<Id>[];
  readonly chosen: ReadonlySet<Id>;
  readonly onToggle: (id: Id) => void;
  /** What to say where there is nothing to choose. */
  readonly none: ReactNode;
}

/** With more than this many, one searches. */
const fewChoices = 8;

export function Checklist<Id extends string>(props: ChecklistProps<Id>): ReactNode {
  const { label, choices, chosen, onToggle, none } = props;
  const id = useId();
  const [text, setText] = useState("");
  if (choices.length === 0) return <p className={styles.quiet}>{none}</p>;
  const shown = choices.filter(({ name }) => isFoundBy(name, text));
  return (
    <fieldset aria-labelledby={id} className={styles.checklist}>
      <legend id={id}>{label}</legend>
      {choices.length > fewChoices && (
        <TextInput
          aria-label={`Search: ${label}`}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={(event) => {
            // What is searched for is not yet what is wanted.
            if (event.key === "Enter") event.preventDefault();
          }}
          placeholder="Search"
          value={text}
        />
      )}
      <ul>
        {shown.map(({ id: choice, name, about }) => (
          <li key={choice}>
            <Checkbox
              checked={chosen.has(choice)}
              description={about}
              label={name}
              onChange={() => onToggle(choice)}
            />
          </li>
        ))}
        {shown.length === 0 && <li className={styles.quiet}>Nothing is called so.</li>}
      </ul>
    </fieldset>
  );
}

function isFoundBy(name: string, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return name
    .toLowerCase()
    .split(/[\s/.-]+/)
    .some((word, at, words) => words.slice(at).join(" ").startsWith(wanted) || word.startsWith(wanted));
}
