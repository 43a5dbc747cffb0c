// The first line of a page: what it is, and what can be done to the whole of it.

import type { ReactNode } from "react";

import styles from "./ui.module.css";

interface PageHeadProps {
  readonly title: string;
  /** Beside the title. */
  readonly children?: ReactNode;
  /** At the end of the line. */
  readonly actions?: ReactNode;
}

export function PageHead({ title, children, actions }: PageHeadProps): ReactNode {
  return (
    <div className={styles.pageHead}>
      <h1>{title}</h1>
      {children}
      {actions !== undefined && <div className={styles.pageActions}>{actions}</div>}
    </div>
  );
}
