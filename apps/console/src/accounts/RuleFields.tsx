// The rules for accounts as fields.

import { accounts, type AccountRules, type MailLanguage } from "@lockstep/api";
import { NativeSelect, TextInput } from "@mantine/core";
import type { ReactNode } from "react";

import styles from "./rules.module.css";

/** What was touched; the rest is as it is saved. */
export type RuleDraft = Partial<Omit<AccountRules, "revision">>;

type Name = keyof RuleDraft;

/** A rule of two ways, each with what follows from it. */
type Ways<Of extends Name> = readonly {
  readonly value: NonNullable<RuleDraft[Of]>;
  readonly name: string;
  readonly about: string;
}[];

const unblocking: Ways<"unblocking"> = [
  {
    value: "compatible",
    name: "Everybody who may block",
    about: "An organisation manager lifts also the block of somebody above.",
  },
  {
    value: "strict",
    name: "Nobody below the role that set it",
    about: "The block of a higher role stays until that role, or a higher one, changes or lifts it.",
  },
];

const secondFactor: Ways<"secondFactor"> = [
  {
    value: "optional",
    name: "Everybody decides alone",
    about: "Whoever has set one up is asked for it; nobody has to.",
  },
  {
    value: "required",
    name: "Everybody needs one",
    about: "Who has none can only set one up. Programs with tokens go on.",
  },
];

const singleSignOnFor: Ways<"singleSignOnFor"> = [
  {
    value: "users",
    name: "Only who holds no role",
    about:
      "Managers and helpdesk sign in with their passwords: whoever looks after the provider gets no say here.",
  },
  {
    value: "managers",
    name: "Also managers and helpdesk",
    about:
      "Whoever looks after the provider can then sign in as one of them. Never for a role that reaches further.",
  },
];

const languages: Record<MailLanguage, string> = { en: "English", de: "Deutsch" };

const digests: Record<AccountRules["digest"], string> = {
  off: "Never",
  daily: "Once a day",
  weekly: "Once a week",
};

interface RuleFieldsProps {
  readonly rules: Omit<AccountRules, "revision">;
  readonly onChange: (change: RuleDraft) => void;
  /** What the days would do, below them. */
  readonly preview: ReactNode;
  /** Whom the rules for signing in concern, below each. */
  readonly concerns: Readonly<Record<"secondFactor" | "singleSignOnFor", ReactNode>>;
}

export function RuleFields({ rules, onChange, preview, concerns }: RuleFieldsProps): ReactNode {
  const { inactiveDays } = rules;
  return (
    <>
      <TextInput
        className={styles.days ?? ""}
        description="Between 30 and 730. Warnings go out 14, 7, 3 and 1 days before; nobody is disabled without the first."
        inputMode="numeric"
        label="Days without activity after which an account is disabled"
        max={730}
        min={30}
        onChange={({ currentTarget: { value } }) => onChange({ inactiveDays: Number(value) })}
        required
        type="number"
        value={inactiveDays === 0 ? "" : inactiveDays}
      />
      {preview}
      <WayField
        legend="Who may change or lift a block"
        name="unblocking"
        onChange={(value) => onChange({ unblocking: value })}
        value={rules.unblocking}
        ways={unblocking}
      />
      <WayField
        legend="Second factor: a code from an app, besides the password"
        name="secondFactor"
        onChange={(value) => onChange({ secondFactor: value })}
        value={rules.secondFactor}
        ways={secondFactor}
      >
        {concerns.secondFactor}
      </WayField>
      <WayField
        legend="Who may sign in by the organisation’s provider"
        name="singleSignOnFor"
        onChange={(value) => onChange({ singleSignOnFor: value })}
        value={rules.singleSignOnFor}
        ways={singleSignOnFor}
      >
        {concerns.singleSignOnFor}
      </WayField>
      <MailFields onChange={onChange} rules={rules} />
    </>
  );
}

function MailFields({ rules, onChange }: Pick<RuleFieldsProps, "rules" | "onChange">): ReactNode {
  return (
    <div className={styles.pair}>
      <NativeSelect
        data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
        label="Language of its mails"
        onChange={({ currentTarget: { value } }) => onChange({ mailLanguage: value === "de" ? "de" : "en" })}
        value={rules.mailLanguage}
      />
      <NativeSelect
        data={accounts.digests.map((value) => ({ value, label: digests[value] }))}
        label="Managers hear by mail what waits for them"
        onChange={({ currentTarget: { value } }) => {
          const digest = accounts.digests.find((each) => each === value);
          if (digest !== undefined) onChange({ digest });
        }}
        value={rules.digest}
      />
    </div>
  );
}

interface WayFieldProps<Of extends Name> {
  readonly legend: string;
  readonly name: Of;
  readonly ways: Ways<Of>;
  readonly value: RuleDraft[Of];
  readonly onChange: (value: NonNullable<RuleDraft[Of]>) => void;
  /** Whom it concerns. */
  readonly children?: ReactNode;
}

function WayField<Of extends Name>(props: WayFieldProps<Of>): ReactNode {
  const { legend, name, ways, value: chosen, onChange, children } = props;
  return (
    <fieldset className={styles.ways}>
      <legend>{legend}</legend>
      {ways.map(({ value, name: words, about }) => (
        <label key={words}>
          <input checked={chosen === value} name={name} onChange={() => onChange(value)} type="radio" />
          <span>
            <strong>{words}</strong>
            <span className={styles.quiet}>{about}</span>
          </span>
        </label>
      ))}
      {children}
    </fieldset>
  );
}
