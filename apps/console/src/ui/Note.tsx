// Something to say in place of, or above, what was asked for: nothing found, a refusal, a success.

import type { ReactNode } from "react";

import styles from "./ui.module.css";

interface NoteProps {
  readonly tone?: "quiet" | "bad" | "good";
  readonly title: string;
  readonly children?: ReactNode;
  /** What can be done about it. */
  readonly action?: ReactNode;
  /** It is all that the page has. */
  readonly isPage?: boolean;
  /** A line within a page instead of a page of its own. */
  readonly isLine?: boolean;
}

export function Note(props: NoteProps): ReactNode {
  const { tone = "quiet", title, children, action, isPage = false, isLine = false } = props;
  const Title = isPage ? "h1" : "p";
  return (
    <div
      className={isLine ? styles.noteLine : styles.note}
      data-tone={tone}
      role={tone === "bad" ? "alert" : "status"}
    >
      <div>
        <Title className={styles.noteTitle}>{title}</Title>
        {children !== undefined && <p className={styles.noteText}>{children}</p>}
      </div>
      {action}
    </div>
  );
}
