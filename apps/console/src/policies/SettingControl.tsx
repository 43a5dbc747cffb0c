// The control that fits a setting of the catalogue: a choice, a number within bounds, or a switch.

import type { PolicyValue } from "@lockstep/core";
import { NativeSelect, NumberInput, Switch } from "@mantine/core";
import { useEffect, useState, type ReactNode } from "react";

import { settingOf } from "./catalogues.ts";
import styles from "./policies.module.css";

interface SettingControlProps {
  readonly id: string;
  readonly code: string;
  readonly value: PolicyValue;
  readonly describedBy: string;
  readonly onChange: (value: PolicyValue) => void;
}

export function SettingControl({ id, code, value, describedBy, onChange }: SettingControlProps): ReactNode {
  const setting = settingOf(code);
  const common = { id, "aria-describedby": describedBy };
  switch (setting?.type) {
    case "choice":
      return (
        <NativeSelect
          {...common}
          className={styles.control ?? ""}
          data={[...setting.values]}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
          value={String(value)}
        />
      );
    case "number":
      return <NumberControl {...common} bounds={setting} onChange={onChange} value={Number(value)} />;
    case undefined:
      return String(value);
    case "truth":
      return (
        <span className={styles.truth}>
          <Switch
            {...common}
            checked={value === true}
            onChange={({ currentTarget }) => onChange(currentTarget.checked)}
          />
          <span aria-hidden="true">{value === true ? "yes" : "no"}</span>
        </span>
      );
  }
}

interface NumberControlProps {
  readonly id: string;
  readonly "aria-describedby": string;
  readonly bounds: { readonly unit: string; readonly least: number; readonly most: number };
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** While somebody types, the field may be empty or out of bounds; the setting itself never is empty. */
function NumberControl({ bounds, value, onChange, ...common }: NumberControlProps): ReactNode {
  const { unit, least, most } = bounds;
  const [typed, setTyped] = useState<number | string>(value);
  useEffect(() => setTyped(value), [value]);
  const isWithin = typeof typed === "number" && typed >= least && typed <= most;
  return (
    <NumberInput
      {...common}
      allowDecimal={false}
      className={styles.control ?? ""}
      clampBehavior="none"
      error={isWithin ? undefined : `from ${least} to ${most} ${unit}`}
      hideControls
      inputMode="numeric"
      max={most}
      min={least}
      onBlur={() => {
        if (typed === "") setTyped(value);
      }}
      onChange={(entered) => {
        setTyped(entered);
        if (typeof entered === "number") onChange(entered);
      }}
      rightSection={<span className={styles.unit}>{unit}</span>}
      rightSectionWidth={90}
      value={typed}
    />
  );
}
