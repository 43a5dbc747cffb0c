// The settings of a provider as fields, in the order in which one copies them over from there.

import { Button, Switch, TextInput } from "@mantine/core";
import type { ReactNode } from "react";

import { NameField } from "../ui/NameField.tsx";
import { Options } from "../ui/Options.tsx";
import { PasswordField } from "../ui/PasswordField.tsx";
import type { Draft } from "./draft.ts";
import { claimWords } from "./words.ts";
import styles from "./single-sign-on.module.css";

interface SettingFieldsProps {
  readonly draft: Draft;
  readonly needsSecret: boolean;
  /** Of the page where people begin, before the short name. */
  readonly door: string;
  /** Asks the issuer what it offers. */
  readonly onTry: () => void;
  readonly isTrying: boolean;
  readonly onChange: (draft: Draft) => void;
}

const shortNames = String.raw`\s*[A-Za-z0-9](?:[A-Za-z0-9\-]{0,38}[A-Za-z0-9])?\s*`;

const claimOptions = (["preferred_username", "email"] as const).map((claim) => {
  const { name, about } = claimWords[claim];
  return { value: claim, name: <code className={styles.claim}>{name}</code>, about };
});

export function SettingFields(props: SettingFieldsProps): ReactNode {
  const { draft, door, onChange } = props;
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change });
  return (
    <>
      <Switch
        checked={draft.isOn}
        description="When it is off, nobody comes by it. Whoever is signed in stays so."
        label="People sign in by it"
        onChange={({ currentTarget: { checked } }) => set({ isOn: checked })}
      />
      <div className={styles.pair}>
        <NameField
          description="As people know it: it stands on the button."
          onChange={(name) => set({ name })}
          value={draft.name}
        />
        <TextInput
          autoCapitalize="none"
          autoComplete="off"
          description={`People begin at ${door}${draft.shortName.trim() === "" ? "…" : draft.shortName.trim().toLowerCase()}`}
          label="Short name of the organisation"
          maxLength={40}
          onChange={({ currentTarget: { value } }) => set({ shortName: value })}
          pattern={shortNames}
          required
          spellCheck={false}
          title="Letters, digits and hyphens"
          value={draft.shortName}
        />
      </div>
      <AtProvider {...props} />
      <Options
        isWide
        legend="Which claim must be the username when somebody comes for the first time"
        onChange={(claim) => set({ claim })}
        options={claimOptions}
        value={draft.claim}
      />
    </>
  );
}

function AtProvider({ draft, needsSecret, onTry, isTrying, onChange }: SettingFieldsProps): ReactNode {
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change });
  return (
    <>
      <div className={styles.issuer}>
        <TextInput
          autoComplete="off"
          description="Exactly as the provider writes it, with https."
          label="Issuer"
          maxLength={500}
          onChange={({ currentTarget: { value } }) => set({ issuer: value.trim() })}
          placeholder="https://login.example.org"
          required
          spellCheck={false}
          type="url"
          value={draft.issuer}
        />
        <Button disabled={draft.issuer === ""} loading={isTrying} onClick={onTry} size="sm">
          Try it
        </Button>
      </div>
      <div className={styles.pair}>
        <TextInput
          autoComplete="off"
          description="By which the provider knows Lockstep."
          label="Client id"
          maxLength={500}
          onChange={({ currentTarget: { value } }) => set({ clientId: value.trim() })}
          required
          spellCheck={false}
          value={draft.clientId}
        />
        <PasswordField
          autoComplete="new-password"
          description={
            needsSecret
              ? "It is kept sealed, and never shown again."
              : "Left empty, the saved one stays. It is never shown."
          }
          label="Client secret"
          onChange={({ currentTarget: { value } }) => set({ clientSecret: value })}
          required={needsSecret}
          value={draft.clientSecret}
        />
      </div>
    </>
  );
}
