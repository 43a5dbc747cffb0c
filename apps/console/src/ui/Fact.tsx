// One fact in a list of facts: its name, and what it is.

import type { ReactNode } from "react";

import styles from "./ui.module.css";

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
}

export function Fact({ name, children }: FactProps): ReactNode {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
