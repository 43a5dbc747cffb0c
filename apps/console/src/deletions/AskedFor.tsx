// That a user wants the account deleted, for whoever looks at it.

import type { Account } from "@lockstep/api";
import type { ReactNode } from "react";

import { Moment } from "../ui/Moment.tsx";
import { Note } from "../ui/Note.tsx";
import { DueDate } from "./DueDate.tsx";
import styles from "./deletions.module.css";

interface AskedForProps {
  readonly deletion: NonNullable<Account["deletion"]>;
}

export function AskedFor({ deletion: { requestedAt, dueAt } }: AskedForProps): ReactNode {
  const isDue = new Date(dueAt) <= new Date();
  return (
    <div className={styles.inset}>
      <Note isLine title="The user asked for the account to be deleted.">
        Asked for <Moment at={requestedAt} />.{" "}
        {isDue ? (
          <>
            Due since <DueDate at={dueAt} />: it waits while nobody else can do what the user does.
          </>
        ) : (
          <>
            The system does it on <DueDate at={dueAt} />, unless the user withdraws it.
          </>
        )}
      </Note>
    </div>
  );
}
