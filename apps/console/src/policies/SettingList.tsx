// Every setting of a catalogue at one level: what holds, where it comes from, and what the draft makes of it.

import type { PolicyValue } from "@lockstep/core";
import type { ReactNode } from "react";

import type { Catalogue, Own } from "./catalogues.ts";
import { SettingRow } from "./SettingRow.tsx";
import type { EditedPolicy } from "./use-draft.ts";
import styles from "./policies.module.css";

interface SettingListProps<Code extends string> {
  readonly catalogue: Catalogue<Code>;
  readonly draft: EditedPolicy<Code>;
  /** The own settings as saved. */
  readonly saved: Own<Code>;
  /** What holds as saved. */
  readonly effective: readonly { readonly setting: string; readonly value: PolicyValue }[];
  /** What would hold without an own value, and the way to where it comes from. */
  readonly inherited: (code: Code) => { readonly value: PolicyValue; readonly origin: ReactNode };
  readonly isRoot: boolean;
  readonly isFixed: boolean;
}

export function SettingList<Code extends string>(props: SettingListProps<Code>): ReactNode {
  const { catalogue, draft, saved, effective, inherited, isRoot, isFixed } = props;
  return (
    <ul className={styles.settings} data-fixed={isFixed}>
      {catalogue.codes.map((code) => (
        <SettingRow
          code={code}
          inherited={inherited(code)}
          isRoot={isRoot}
          key={code}
          onChange={isFixed ? undefined : (value) => draft.change(code, value)}
          own={draft.policy[code]}
          saved={effective.find(({ setting }) => setting === code)?.value}
          savedOwn={saved[code]}
        />
      ))}
    </ul>
  );
}
