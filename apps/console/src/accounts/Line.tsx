// One line among the switches of an account: what it is about, and its buttons.

import type { ReactNode } from "react";

import styles from "./accounts.module.css";

interface LineProps {
  readonly name: string;
  readonly about: ReactNode;
  readonly children: ReactNode;
}

export function Line({ name, about, children }: LineProps): ReactNode {
  return (
    <li>
      <div>
        <p className={styles.switchName}>{name}</p>
        <p className={styles.quiet}>{about}</p>
      </div>
      <div className={styles.buttons}>{children}</div>
    </li>
  );
}
