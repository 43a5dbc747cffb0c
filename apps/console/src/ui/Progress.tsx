// How far something has come.

import type { ReactNode } from "react";

import { wordsOfNumber } from "./format.ts";
import styles from "./ui.module.css";

interface ProgressProps {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** What is counted, in the plural. */
  readonly of: string;
}

export function Progress({ label, done, total, of }: ProgressProps): ReactNode {
  const share = total === 0 ? 1 : done / total;
  const words = `${wordsOfNumber(done)} of ${wordsOfNumber(total)} ${of}`;
  return (
    <div className={styles.progress}>
      <div
        aria-label={label}
        aria-valuemax={total}
        aria-valuemin={0}
        aria-valuenow={done}
        aria-valuetext={words}
        role="progressbar"
      >
        <span style={{ width: `${share * 100}%` }} />
      </div>
      <p>{words}</p>
    </div>
  );
}
