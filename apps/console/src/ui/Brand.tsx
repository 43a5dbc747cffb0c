// The product's mark and name.

import type { ReactNode } from "react";

import styles from "./ui.module.css";

export function Brand(): ReactNode {
  return (
    <span className={styles.brand}>
      <svg aria-hidden="true" height="22" viewBox="0 0 32 32" width="22">
        <rect fill="var(--ink)" height="32" rx="8" width="32" />
        <path d="M8 9h9v5h-4v9H8z" fill="var(--on-ink)" />
        <path d="M24 23h-9v-5h4V9h5z" fill="var(--status-active-mark)" />
      </svg>
      <span>Lockstep</span>
    </span>
  );
}
