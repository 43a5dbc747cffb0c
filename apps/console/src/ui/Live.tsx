// Whether what is shown is of this moment, and of which it is.

import type { ReactNode } from "react";

import { wordsOfClock } from "./format.ts";
import styles from "./live.module.css";

interface LiveProps {
  readonly asOf: string | undefined;
  readonly isFailing: boolean;
}

export function Live({ asOf, isFailing }: LiveProps): ReactNode {
  return (
    <p className={styles.live} data-failing={isFailing}>
      <span aria-hidden="true" className={styles.dot} />
      <span>{isFailing ? "Not live" : "Live"}</span>
      {asOf !== undefined && <time dateTime={asOf}>{wordsOfClock(asOf)}</time>}
    </p>
  );
}
