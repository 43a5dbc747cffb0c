// A part of a page with its heading, as a card.

import { useId, type ReactNode } from "react";

import styles from "./ui.module.css";

interface SectionProps {
  readonly title: string;
  /** Shown at the end of the heading's line. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, aside, children }: SectionProps): ReactNode {
  const id = useId();
  return (
    <section aria-labelledby={id} className={styles.section}>
      <div className={styles.sectionHead}>
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
