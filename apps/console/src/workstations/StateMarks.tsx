// The states of a workstation. They have no colour: those belong to users.

import type { ReactNode } from "react";

import { stateWords, type WorkstationState } from "./words.ts";
import styles from "./machines.module.css";

interface StateMarksProps {
  readonly states: readonly WorkstationState[];
}

export function StateMarks({ states }: StateMarksProps): ReactNode {
  return (
    <span className={styles.marks}>
      {states.map((state) => (
        <span className={styles.mark} data-state={state} key={state}>
          {stateWords[state].label}
        </span>
      ))}
    </span>
  );
}
