// How a whole divides into the seven statuses, as a bar. It is decoration: the numbers stand elsewhere.

import type { Counts } from "@lockstep/api";
import { encryptionStatuses, type EncryptionStatus } from "@lockstep/core";
import type { ReactNode } from "react";

import styles from "./standing.module.css";

const order = Object.keys(encryptionStatuses) as EncryptionStatus[];

interface StatusBarProps {
  /** Undefined while they load. */
  readonly counts: Counts["encryption"] | undefined;
}

export function StatusBar({ counts }: StatusBarProps): ReactNode {
  return (
    <div aria-hidden="true" className={styles.bar}>
      {order.map((status) => (
        <span data-encryption={status} key={status} style={{ flexGrow: counts?.[status] ?? 0 }} />
      ))}
    </div>
  );
}
