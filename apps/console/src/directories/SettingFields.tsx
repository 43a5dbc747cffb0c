// The settings of a directory as fields, in the order in which one thinks of them.

import { directories } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Checkbox, NativeSelect, TextInput } from "@mantine/core";
import type { ReactNode } from "react";

import { TeamSelector } from "../teams/TeamSelector.tsx";
import { Alternatives } from "../ui/Alternatives.tsx";
import { NameField } from "../ui/NameField.tsx";
import { PasswordField } from "../ui/PasswordField.tsx";
import { Section } from "../ui/Section.tsx";
import { usualOf, type Draft } from "./draft.ts";
import { kindWords, modeWords, securityWords } from "./words.ts";
import styles from "./settings.module.css";

interface SettingFieldsProps {
  readonly organisationId: OrganisationId;
  readonly draft: Draft;
  readonly needsPassword: boolean;
  readonly onChange: (draft: Draft) => void;
}

/** The names of those settings that are typed as text. */
type TextName = { [Name in keyof Draft]: string extends Draft[Name] ? Name : never }[keyof Draft];

/** What a field of a text has to know. */
function textFields({ draft, onChange }: Pick<SettingFieldsProps, "draft" | "onChange">) {
  return (name: TextName) => ({
    value: draft[name],
    onChange: ({ currentTarget: { value } }: { readonly currentTarget: { readonly value: string } }) =>
      onChange({ ...draft, [name]: value }),
    autoComplete: "off",
    spellCheck: false,
  });
}

const numeric = { type: "number", required: true } as const;

export function SettingFields(props: SettingFieldsProps): ReactNode {
  return (
    <>
      <Where {...props} />
      <Who {...props} />
      <WhereTo {...props} />
      <When {...props} />
    </>
  );
}

function Where(props: SettingFieldsProps): ReactNode {
  const { draft, onChange } = props;
  const text = textFields(props);
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change });
  return (
    <Section title="Where it is">
      <div className={styles.fields}>
        <NameField description="As you call it here." onChange={(name) => set({ name })} value={draft.name} />
        <NativeSelect
          data={directories.directoryKinds.map((kind) => ({ value: kind, label: kindWords[kind] }))}
          description="Fills in below what is usual for it."
          label="Kind"
          onChange={({ currentTarget: { value } }) => {
            const kind = directories.directoryKinds.find((each) => each === value);
            if (kind !== undefined) set(usualOf(kind));
          }}
          value={draft.kind}
        />
        <div className={styles.pair}>
          <TextInput label="Host" placeholder="dc1.example.org" required {...text("host")} />
          <TextInput
            label="Port"
            max={65_535}
            min={1}
            placeholder={draft.security === "ldaps" ? "636" : "389"}
            type="number"
            {...text("port")}
          />
        </div>
        <Alternatives
          choices={(["ldaps", "starttls"] as const).map((value) => ({ value, label: securityWords[value] }))}
          label="Encryption"
          onChange={(security) => set({ security })}
          value={draft.security}
        />
        <label className={styles.area}>
          <span>Certificates to trust beside those of the server’s system</span>
          <textarea
            onChange={({ currentTarget: { value } }) => set({ certificates: value })}
            placeholder="-----BEGIN CERTIFICATE-----"
            rows={3}
            spellCheck={false}
            value={draft.certificates}
          />
        </label>
        <Account {...props} />
      </div>
    </Section>
  );
}

function Account(props: SettingFieldsProps): ReactNode {
  const { needsPassword } = props;
  const text = textFields(props);
  return (
    <>
      <TextInput
        description="A distinguished name, or as Active Directory takes it."
        label="Account that reads"
        required
        {...text("bindName")}
      />
      <PasswordField
        description={
          needsPassword
            ? "It is kept sealed, and never shown again."
            : "Left empty, the saved one stays. It goes nowhere else than where it has always gone."
        }
        label="Its password"
        required={needsPassword}
        {...text("password")}
        autoComplete="new-password"
      />
    </>
  );
}

function Who(props: SettingFieldsProps): ReactNode {
  const text = textFields(props);
  return (
    <Section title="Who is read">
      <div className={styles.fields}>
        <TextInput
          description="Below which entry people are."
          label="Base"
          placeholder="OU=People,DC=example,DC=org"
          required
          {...text("base")}
        />
        <TextInput label="Filter" required {...text("filter")} />
        <div className={styles.triple}>
          <TextInput label="Attribute of the name" required {...text("nameOf")} />
          <TextInput label="… of the username" required {...text("usernameOf")} />
          <TextInput label="… of the mail address" required {...text("emailOf")} />
        </div>
        <TextInput
          description="What comes after the @ of usernames that have none; left empty, it is made of the organisation’s name."
          label="Suffix of usernames"
          placeholder="example.org"
          {...text("usernameSuffix")}
        />
      </div>
    </Section>
  );
}

function WhereTo({ organisationId, draft, onChange }: SettingFieldsProps): ReactNode {
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change });
  return (
    <Section title="Who is imported, and where to">
      <div className={styles.fields}>
        <Alternatives
          choices={directories.directoryModes.map((value) => ({ value, label: modeWords[value] }))}
          label="Imported are"
          onChange={(mode) => set({ mode })}
          value={draft.mode}
        />
        <TeamSelector
          description={
            draft.mode === "units" ? "Teams of units are made below it." : "Left empty, to the root team."
          }
          label="To the team"
          onChange={(team) => set({ teamId: team ?? null })}
          organisationId={organisationId}
          placeholder="The root team"
          value={draft.teamId ?? undefined}
        />
        {draft.mode === "units" && (
          <Checkbox
            checked={draft.follows}
            description="Otherwise people stay in the team where they were first put."
            label="People change teams when they change units"
            onChange={({ currentTarget: { checked } }) => set({ follows: checked })}
          />
        )}
        <Checkbox
          checked={draft.signsIn}
          description="Then no other password of theirs is good. Whoever holds a role always signs in with the own one."
          label="Those who are linked sign in with their passwords there"
          onChange={({ currentTarget: { checked } }) => set({ signsIn: checked })}
        />
      </div>
    </Section>
  );
}

function When(props: SettingFieldsProps): ReactNode {
  const { draft, onChange } = props;
  const text = textFields(props);
  return (
    <Section title="When, and how carefully">
      <div className={styles.fields}>
        <Checkbox
          checked={draft.isOn}
          description="Otherwise only when somebody presses “Sync now”."
          label="It is read by time"
          onChange={({ currentTarget: { checked } }) => onChange({ ...draft, isOn: checked })}
        />
        <div className={styles.pair}>
          <TextInput
            {...numeric}
            label="Changes every … minutes"
            max={10_080}
            min={5}
            {...text("intervalMinutes")}
          />
          <TextInput {...numeric} label="Everything every … hours" max={720} min={1} {...text("fullHours")} />
        </div>
        <div className={styles.pair}>
          <TextInput
            {...numeric}
            description="So many may vanish at once, whatever the percentage says."
            label="Guard: people"
            max={1_000_000}
            min={0}
            {...text("guardLeast")}
          />
          <TextInput
            {...numeric}
            description="More than both, half, or everybody, and somebody must confirm it."
            label="Guard: per cent"
            max={50}
            min={0}
            {...text("guardPercent")}
          />
        </div>
      </div>
    </Section>
  );
}
