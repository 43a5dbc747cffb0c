// One of a few ways, side by side.

import { useId, type ReactNode } from "react";

import styles from "./ui.module.css";

interface AlternativesProps<Value extends string> {
  readonly label: string;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

export function Alternatives<Value extends string>(props: AlternativesProps<Value>): ReactNode {
  const { label, choices, value, onChange } = props;
  const name = useId();
  return (
    <fieldset className={styles.alternatives}>
      <legend>{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value}>
          <input
            checked={choice.value === value}
            name={name}
            onChange={() => onChange(choice.value)}
            type="radio"
          />
          {choice.label}
        </label>
      ))}
    </fieldset>
  );
}
