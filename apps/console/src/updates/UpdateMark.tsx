// The state of an update, as a shape and a word.

import type { Update } from "@lockstep/api";
import type { ReactNode } from "react";

import { CheckIcon, ClockIcon, CrossIcon, UndoIcon } from "../ui/icons.tsx";
import { hasFailed, isOutstanding, updateStateWords } from "./words.ts";
import styles from "./updates.module.css";

interface UpdateMarkProps {
  readonly update: Pick<Update, "state">;
}

export function UpdateMark({ update }: UpdateMarkProps): ReactNode {
  return (
    <span className={styles.mark} data-failed={hasFailed(update)} data-outstanding={isOutstanding(update)}>
      {iconOf(update)}
      {updateStateWords[update.state]}
    </span>
  );
}

function iconOf(update: Pick<Update, "state">): ReactNode {
  if (hasFailed(update)) return <CrossIcon />;
  if (isOutstanding(update)) return <ClockIcon />;
  return update.state === "processed" ? <CheckIcon /> : <UndoIcon />;
}
