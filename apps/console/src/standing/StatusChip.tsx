// An encryption status where it stands in a line: shape, label, colour.

import { encryptionStatuses, type EncryptionStatus } from "@lockstep/core";
import type { ReactNode } from "react";

import styles from "./standing.module.css";
import { StatusIcon } from "./StatusIcon.tsx";

interface StatusChipProps {
  readonly status: EncryptionStatus;
}

export function StatusChip({ status }: StatusChipProps): ReactNode {
  return (
    <span className={styles.chip} data-encryption={status}>
      <StatusIcon size={12} status={status} />
      <span>{encryptionStatuses[status].label}</span>
    </span>
  );
}
