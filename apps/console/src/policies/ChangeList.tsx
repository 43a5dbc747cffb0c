// Own settings that differ, from and to.

import type { ReactNode } from "react";

import { ArrowIcon } from "../ui/icons.tsx";
import type { SettingChange } from "./draft.ts";
import { wordsOfOwn } from "./words.ts";
import styles from "./policies.module.css";

interface ChangeListProps {
  readonly changes: readonly SettingChange[];
}

export function ChangeList({ changes }: ChangeListProps): ReactNode {
  return (
    <ul className={styles.changes}>
      {changes.map(({ setting, before, after }) => (
        <li key={setting}>
          <code>{setting}</code>
          <span>{wordsOfOwn(setting, before)}</span>
          <ArrowIcon />
          <span className={styles.hidden}>becomes</span>
          <strong>{wordsOfOwn(setting, after)}</strong>
        </li>
      ))}
    </ul>
  );
}
