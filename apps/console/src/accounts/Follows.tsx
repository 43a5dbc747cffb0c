// How a user stands after something is done, as the server says before it is.

import type { Verdict } from "@lockstep/api";
import type { ReactNode } from "react";

import { AccountMark } from "../standing/AccountMark.tsx";
import { StatusChip } from "../standing/StatusChip.tsx";
import styles from "./accounts.module.css";

interface FollowsProps {
  readonly standing: Verdict["standing"];
  readonly children?: ReactNode;
}

export function Follows({ standing, children }: FollowsProps): ReactNode {
  return (
    <div aria-live="polite" className={styles.follows}>
      {standing !== null && (
        <p>
          <span className={styles.quiet}>Then</span> <AccountMark account={standing.account} />{" "}
          {standing.account !== "deleted" && <StatusChip status={standing.encryption} />}
        </p>
      )}
      {children !== undefined && <p className={styles.quiet}>{children}</p>}
    </div>
  );
}
