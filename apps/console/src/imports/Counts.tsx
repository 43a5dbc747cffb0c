// The sums of an import that has ended: large to look at, and a sentence for who listens.

import type { ReactNode } from "react";

import { wordsOfNumber } from "../ui/format.ts";
import styles from "./imports.module.css";

interface CountsProps {
  readonly counts: readonly (readonly [name: string, count: number])[];
  /** The same as a sentence. */
  readonly children: ReactNode;
}

export function Counts({ counts, children }: CountsProps): ReactNode {
  return (
    <>
      <dl aria-live="polite" className={styles.counts}>
        {counts.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{wordsOfNumber(count)}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.hiddenStatus} role="status">
        {children}
      </p>
    </>
  );
}
