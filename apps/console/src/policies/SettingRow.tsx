// One setting: what it is about, what holds and where that comes from, and the control that sets it here.

import type { PolicyValue } from "@lockstep/core";
import { Button } from "@mantine/core";
import { useId, type ReactNode } from "react";

import { settingOf } from "./catalogues.ts";
import { SettingControl } from "./SettingControl.tsx";
import { wordsOfValue } from "./words.ts";
import styles from "./policies.module.css";

interface SettingRowProps {
  readonly code: string;
  /** Nobody is above it: what it does not set is the product's default. */
  readonly isRoot: boolean;
  /** What would hold without an own value, and the way to the level that sets it; null for the product's default. */
  readonly inherited: { readonly value: PolicyValue; readonly origin: ReactNode };
  /** The own value in the draft. */
  readonly own: PolicyValue | undefined;
  /** What holds as saved, and the own value as saved. */
  readonly saved: PolicyValue | undefined;
  readonly savedOwn: PolicyValue | undefined;
  /** Left out: one may only look. */
  readonly onChange?: ((value: PolicyValue | null) => void) | undefined;
}

export function SettingRow(props: SettingRowProps): ReactNode {
  const { code, isRoot, inherited, own, saved, savedOwn, onChange } = props;
  const id = useId();
  const value = own ?? inherited.value;
  const isChanged = own !== savedOwn;
  return (
    <li className={styles.setting} data-changed={isChanged} data-own={own !== undefined}>
      <div className={styles.about}>
        {onChange === undefined ? <span>{code}</span> : <label htmlFor={id}>{code}</label>}
        <p id={`${id}-about`}>{settingOf(code)?.description.replaceAll("`", "")}</p>
      </div>
      <div className={styles.value}>
        {onChange === undefined ? (
          <p className={styles.fixed}>{wordsOfValue(code, value)}</p>
        ) : (
          <SettingControl
            code={code}
            describedBy={`${id}-about ${id}-origin`}
            id={id}
            onChange={onChange}
            value={value}
          />
        )}
        <p className={styles.origin} id={`${id}-origin`}>
          <Origin isOwn={own !== undefined} origin={inherited.origin} />
          {isChanged && saved !== undefined && (
            <span className={styles.was}>
              {saved === value ? "not saved yet" : `was ${wordsOfValue(code, saved)}`}
            </span>
          )}
        </p>
      </div>
      {onChange && <Pin code={code} isRoot={isRoot} onChange={onChange} own={own} value={value} />}
    </li>
  );
}

interface PinProps extends Pick<SettingRowProps, "code" | "isRoot" | "own"> {
  readonly value: PolicyValue;
  readonly onChange: (value: PolicyValue | null) => void;
}

/** Sets here what holds anyway, or takes the own value away. */
function Pin({ code, isRoot, own, value, onChange }: PinProps): ReactNode {
  const clear = isRoot ? "Use default" : "Inherit";
  const words = own === undefined ? "Set here" : clear;
  return (
    <Button
      aria-label={`${words}: ${code}`}
      className={styles.pin ?? ""}
      onClick={() => onChange(own === undefined ? value : null)}
      variant="subtle"
    >
      {words}
    </Button>
  );
}

interface OriginProps {
  readonly origin: ReactNode;
  readonly isOwn: boolean;
}

function Origin({ origin, isOwn }: OriginProps): ReactNode {
  if (isOwn) return <strong>Set here</strong>;
  if (origin === null) return <span>Product default</span>;
  return <span>Inherited from {origin}</span>;
}
