// One version of a key and what it is for.

import type { KeyVersionUse } from "@lockstep/core";
import type { ReactNode } from "react";

import styles from "./keys.module.css";

interface VersionMarkProps {
  readonly version: number;
  readonly use: KeyVersionUse;
}

/** The active one goes without saying. */
const words: Record<KeyVersionUse, string> = {
  active: "",
  "decrypt-only": "decrypts only",
  retired: "retired",
};

export function VersionMark({ version, use }: VersionMarkProps): ReactNode {
  return (
    <span className={styles.version} data-use={use}>
      v{version} {words[use]}
    </span>
  );
}
