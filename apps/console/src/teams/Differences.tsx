// What one would get and lose by going elsewhere: settings, from and to, and keys.

import type { Difference } from "@lockstep/api";
import type { ReactNode } from "react";

import { wordsOfValue } from "../policies/words.ts";
import { ArrowIcon } from "../ui/icons.tsx";
import styles from "./teams.module.css";

interface DifferencesProps {
  readonly difference: Difference;
}

export function Differences({ difference }: DifferencesProps): ReactNode {
  const { settings, keysAdded, keysTakenAway } = difference;
  if (settings.length + keysAdded.length + keysTakenAway.length === 0) {
    return <p className={styles.calm}>Nothing differs: policy and keys are the same there.</p>;
  }
  return (
    <div className={styles.differences}>
      <KeyLine keys={keysAdded} title="Keys added" />
      <KeyLine keys={keysTakenAway} title="Keys taken away" />
      {settings.length > 0 && (
        <div>
          <h3>Settings that change</h3>
          <ul>
            {settings.map(({ setting, from, to }) => (
              <li key={setting}>
                <code>{setting}</code>
                <span>{wordsOfValue(setting, from.value)}</span>
                <ArrowIcon />
                <span className={styles.hidden}>becomes</span>
                <strong>{wordsOfValue(setting, to.value)}</strong>
                <span>{to.origin === null ? "product default" : `from ${to.origin.name}`}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

interface KeyLineProps {
  readonly title: string;
  readonly keys: Difference["keysAdded"];
}

function KeyLine({ title, keys }: KeyLineProps): ReactNode {
  if (keys.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {keys.map(({ id, name, groups }) => (
          <li key={id}>
            <strong>{name}</strong>
            <span>by {groups.join(", ")}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
