// The frame of the pages for whoever is not signed in.

import type { ReactNode } from "react";

import { Brand } from "../ui/Brand.tsx";
import { SchemeToggle } from "../ui/SchemeToggle.tsx";
import styles from "./sessions.module.css";

interface DoorProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}

export function Door({ title, lead, children }: DoorProps): ReactNode {
  return (
    <div className={styles.door}>
      <header className={styles.doorHead}>
        <Brand />
        <SchemeToggle />
      </header>
      <main className={styles.doorMain}>
        <div className={styles.doorCard}>
          <h1>{title}</h1>
          {lead !== undefined && <p className={styles.lead}>{lead}</p>}
          {children}
        </div>
      </main>
    </div>
  );
}
