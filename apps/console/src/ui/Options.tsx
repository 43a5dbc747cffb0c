// One of a few, each in a box of its own with what follows from it.

import { useId, type ReactNode } from "react";

import styles from "./options.module.css";

/** One that can be chosen, unless it says why not. */
export interface Option<Value> {
  readonly value: Value;
  readonly name: ReactNode;
  readonly about: string;
  readonly whyNot?: string | null;
}

interface OptionsProps<Value extends string> {
  readonly legend: string;
  readonly options: readonly Option<Value>[];
  readonly value: Value | undefined;
  readonly onChange: (value: Value) => void;
  /** Where there is room for two in a line. */
  readonly isWide?: boolean;
  /** Below them. */
  readonly children?: ReactNode;
}

export function Options<Value extends string>(props: OptionsProps<Value>): ReactNode {
  const { legend, options, value: chosen, onChange, isWide = false, children } = props;
  const group = useId();
  return (
    <fieldset className={styles.options} data-wide={isWide}>
      <legend>{legend}</legend>
      {options.map(({ value, name, about, whyNot = null }) => (
        <label key={value}>
          <input
            checked={chosen === value}
            disabled={whyNot !== null}
            name={group}
            onChange={() => onChange(value)}
            type="radio"
          />
          <span>
            <strong>{name}</strong>
            <small>{whyNot ?? about}</small>
          </span>
        </label>
      ))}
      {children}
    </fieldset>
  );
}
