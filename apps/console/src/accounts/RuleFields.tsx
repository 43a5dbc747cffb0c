// The rules for accounts as fields.

import type { AccountRules, MailLanguage } from "@lockstep/api";
import { NativeSelect, TextInput } from "@mantine/core";
import type { ReactNode } from "react";

import styles from "./rules.module.css";

/** What was touched; the rest is as it is saved. */
export type RuleDraft = Partial<Omit<AccountRules, "revision">>;

const ways = [
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
] as const;

const languages: Record<MailLanguage, string> = { en: "English", de: "Deutsch" };

interface RuleFieldsProps {
  readonly rules: Omit<AccountRules, "revision">;
  readonly onChange: (draft: RuleDraft) => void;
  /** What the days would do, below them. */
  readonly preview: ReactNode;
}

export function RuleFields({ rules, onChange, preview }: RuleFieldsProps): ReactNode {
  const { inactiveDays, unblocking, mailLanguage } = rules;
  const set = (change: RuleDraft) => onChange({ inactiveDays, unblocking, mailLanguage, ...change });
  return (
    <>
      <TextInput
        className={styles.days ?? ""}
        description="Between 30 and 730. Warnings go out 14, 7, 3 and 1 days before; nobody is disabled without the first."
        inputMode="numeric"
        label="Days without activity after which an account is disabled"
        max={730}
        min={30}
        onChange={({ currentTarget: { value } }) => set({ inactiveDays: Number(value) })}
        required
        type="number"
        value={inactiveDays === 0 ? "" : inactiveDays}
      />
      {preview}
      <fieldset className={styles.ways}>
        <legend>Who may change or lift a block</legend>
        {ways.map(({ value, name, about }) => (
          <label key={value}>
            <input
              checked={unblocking === value}
              name="unblocking"
              onChange={() => set({ unblocking: value })}
              type="radio"
            />
            <span>
              <strong>{name}</strong>
              <span className={styles.quiet}>{about}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <NativeSelect
        className={styles.days ?? ""}
        data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
        label="Language of its mails"
        onChange={({ currentTarget: { value } }) => set({ mailLanguage: value === "de" ? "de" : "en" })}
        value={mailLanguage}
      />
    </>
  );
}
