// One setting: what it is about, what holds and where that comes from, and the control that sets it here.

import { policySettings, type OrganisationId, type PolicySetting, type PolicyValue } from "@lockstep/core";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useId, type ReactNode } from "react";

import { SettingControl } from "./SettingControl.tsx";
import type { TeamOrigin } from "./tree.ts";
import { wordsOfValue } from "./words.ts";
import styles from "./teams.module.css";

interface SettingRowProps {
  readonly organisationId: OrganisationId;
  readonly code: PolicySetting;
  readonly isRoot: boolean;
  /** What would hold without an own value. */
  readonly inherited: { readonly value: PolicyValue; readonly origin: TeamOrigin | null };
  /** The own value in the draft. */
  readonly own: PolicyValue | undefined;
  /** What holds as saved, and the own value as saved. */
  readonly saved: { readonly value: PolicyValue } | undefined;
  readonly savedOwn: PolicyValue | undefined;
  readonly onChange: (value: PolicyValue | null) => void;
}

export function SettingRow(props: SettingRowProps): ReactNode {
  const { code, isRoot, inherited, own, saved, savedOwn, organisationId, onChange } = props;
  const id = useId();
  const value = own ?? inherited.value;
  const isChanged = own !== savedOwn;
  const clear = isRoot ? "Use default" : "Inherit";
  return (
    <li className={styles.setting} data-changed={isChanged} data-own={own !== undefined}>
      <div className={styles.about}>
        <label htmlFor={id}>{code}</label>
        <p id={`${id}-about`}>{policySettings[code].description.replaceAll("`", "")}</p>
      </div>
      <div className={styles.value}>
        <SettingControl
          code={code}
          describedBy={`${id}-about ${id}-origin`}
          id={id}
          onChange={onChange}
          value={value}
        />
        <p className={styles.origin} id={`${id}-origin`}>
          <Origin inherited={inherited} isOwn={own !== undefined} organisationId={organisationId} />
          {isChanged && saved !== undefined && (
            <span className={styles.was}>
              {saved.value === value ? "not saved yet" : `was ${wordsOfValue(code, saved.value)}`}
            </span>
          )}
        </p>
      </div>
      <Button
        aria-label={`${own === undefined ? "Set here" : clear}: ${code}`}
        className={styles.pin ?? ""}
        onClick={() => onChange(own === undefined ? value : null)}
        variant="subtle"
      >
        {own === undefined ? "Set here" : clear}
      </Button>
    </li>
  );
}

interface OriginProps {
  readonly organisationId: OrganisationId;
  readonly inherited: SettingRowProps["inherited"];
  readonly isOwn: boolean;
}

function Origin({ organisationId, inherited, isOwn }: OriginProps): ReactNode {
  if (isOwn) return <strong>Set here</strong>;
  if (inherited.origin === null) return <span>Product default</span>;
  const { id, name } = inherited.origin;
  return (
    <span>
      Inherited from{" "}
      <Link
        className={styles.link}
        params={{ organisationId, teamId: id }}
        to="/organisations/$organisationId/teams/$teamId"
      >
        {name}
      </Link>
    </span>
  );
}
