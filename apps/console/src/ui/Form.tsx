// Fields one below the other. The browser checks them before anything is sent.

import type { ReactNode } from "react";

import styles from "./ui.module.css";

interface FormProps {
  readonly label?: string;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

export function Form({ label, onSubmit, children }: FormProps): ReactNode {
  return (
    <form
      aria-label={label}
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}
