// With which codes a call can be refused, by their status, each with its sentence.

import type { ReactNode } from "react";

import type { Refusal } from "./document.ts";
import styles from "./reference.module.css";

interface RefusalsProps {
  readonly refusals: readonly Refusal[];
}

export function Refusals({ refusals }: RefusalsProps): ReactNode {
  return (
    <dl className={styles.refusals}>
      {refusals.map(({ status, code, sentence }) => (
        <div key={code}>
          <dt>
            <span className={styles.status}>{status}</span> <code>{code}</code>
          </dt>
          <dd>{sentence}</dd>
        </div>
      ))}
    </dl>
  );
}
