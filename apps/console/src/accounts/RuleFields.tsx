// The rules for accounts as fields.

import { accounts, type AccountRules, type MailLanguage } from "@lockstep/api";
import { NativeSelect, TextInput } from "@mantine/core";
import type { ReactNode } from "react";

import { Options, type Option } from "../ui/Options.tsx";
import styles from "./rules.module.css";

/** What was touched; the rest is as it is saved. */
export type RuleDraft = Partial<Omit<AccountRules, "revision">>;

const unblocking: readonly Option<AccountRules["unblocking"]>[] = [
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

const secondFactor: readonly Option<AccountRules["secondFactor"]>[] = [
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

const singleSignOnFor: readonly Option<AccountRules["singleSignOnFor"]>[] = [
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
      <Options
        isWide
        legend="Who may change or lift a block"
        onChange={(value) => onChange({ unblocking: value })}
        options={unblocking}
        value={rules.unblocking}
      />
      <Options
        isWide
        legend="Second factor: a code from an app, besides the password"
        onChange={(value) => onChange({ secondFactor: value })}
        options={secondFactor}
        value={rules.secondFactor}
      >
        {concerns.secondFactor}
      </Options>
      <Options
        isWide
        legend="Who may sign in by the organisation’s provider"
        onChange={(value) => onChange({ singleSignOnFor: value })}
        options={singleSignOnFor}
        value={rules.singleSignOnFor}
      >
        {concerns.singleSignOnFor}
      </Options>
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
