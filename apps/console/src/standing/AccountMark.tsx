// The account status. It has no colour: those belong to the other axis.

import { accountStatuses, type AccountStatus } from "@lockstep/core";
import type { ReactNode } from "react";

import styles from "./standing.module.css";

interface AccountMarkProps {
  readonly account: AccountStatus;
}

export function AccountMark({ account }: AccountMarkProps): ReactNode {
  return (
    <span className={styles.account} data-account={account}>
      {accountStatuses[account].label}
    </span>
  );
}
