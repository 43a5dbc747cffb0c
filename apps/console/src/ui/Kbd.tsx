// A key of the keyboard.

import type { ReactNode } from "react";

import styles from "./search-field.module.css";

interface KbdProps {
  readonly children: string;
}

export function Kbd({ children }: KbdProps): ReactNode {
  return (
    <kbd aria-hidden="true" className={styles.kbd}>
      {children}
    </kbd>
  );
}
