// Who it is, and the status in one line, with since when.

import type { Standing } from "@lockstep/api";
import { encryptionStatuses } from "@lockstep/core";
import type { ReactNode } from "react";

import { AccountMark } from "../standing/AccountMark.tsx";
import { StatusIcon } from "../standing/StatusIcon.tsx";
import { Moment } from "../ui/Moment.tsx";
import styles from "./user.module.css";

interface StandingHeadProps {
  readonly standing: Standing;
}

export function StandingHead({ standing }: StandingHeadProps): ReactNode {
  const { user, encryption, encryptionSince, account } = standing;
  // Whose account is deleted is in no encryption status.
  const isDeleted = account === "deleted";
  return (
    <header className={styles.head} data-encryption={isDeleted ? undefined : encryption}>
      <div className={styles.who}>
        <h1>{user.name}</h1>
        <p>{user.username}</p>
      </div>
      <div className={styles.standing}>
        {!isDeleted && (
          <p className={styles.status}>
            <StatusIcon size={20} status={encryption} />
            <span>
              <strong>{encryptionStatuses[encryption].label}</strong>
              <span className={styles.since}>
                since <Moment at={encryptionSince} isAbsolute /> · <Moment at={encryptionSince} />
              </span>
            </span>
          </p>
        )}
        <p className={styles.accountLine}>
          Account <AccountMark account={account} />
        </p>
      </div>
    </header>
  );
}
