// How it is with a directory, as a shape and a word.

import type { Directory } from "@lockstep/api";
import type { ReactNode } from "react";

import { CheckIcon, ClockIcon, CrossIcon, PauseIcon } from "../ui/icons.tsx";
import { stateOf, stateWords } from "./words.ts";
import styles from "./directories.module.css";

const icons = { failing: <CrossIcon />, held: <PauseIcon />, on: <CheckIcon />, off: <ClockIcon /> } as const;

export function DirectoryMark({ directory }: { readonly directory: Directory }): ReactNode {
  const state = stateOf(directory);
  return (
    <span className={styles.mark} data-state={state}>
      {icons[state]}
      {stateWords[state]}
    </span>
  );
}
