// Why an account is blocked and until when, as fields: one reason for administrators, another one for the user.

import type { Account } from "@lockstep/api";
import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";

import { DayField } from "../licences/DayField.tsx";
import { Alternatives } from "../ui/Alternatives.tsx";

export interface Grounds {
  readonly reason: string;
  readonly userReason: string;
  readonly end: "open" | "dated";
  /** The last day on which it is blocked, as the browser has days. */
  readonly lastDay: string;
}

/** @param block null for a new one. */
export function groundsOf(block: Account["block"]): Grounds {
  const { reason, userReason, until } = block ?? { reason: null, userReason: null, until: null };
  return {
    reason: reason ?? "",
    userReason: userReason ?? "",
    end: until === null ? "open" : "dated",
    lastDay: until === null ? "" : dayOf(new Date(Date.parse(until) - 1)),
  };
}

/** As the server takes them: a block ends where its last day does, here and not in Greenwich. */
export function readGrounds({ reason, userReason, end, lastDay }: Grounds) {
  const said = userReason.trim();
  return {
    reason,
    userReason: said === "" ? null : said,
    until: end === "open" ? null : endOf(lastDay).toISOString(),
  };
}

function endOf(day: string): Date {
  const end = new Date(`${day}T00:00`);
  end.setDate(end.getDate() + 1);
  return end;
}

function dayOf(at: Date): string {
  const parts = [at.getFullYear(), at.getMonth() + 1, at.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}

const ends = [
  { value: "open", label: "When somebody unblocks it" },
  { value: "dated", label: "By itself, after a day" },
] as const;

interface GroundsFieldsProps {
  readonly grounds: Grounds;
  readonly onChange: (grounds: Grounds) => void;
}

export function GroundsFields({ grounds, onChange }: GroundsFieldsProps): ReactNode {
  const set = (change: Partial<Grounds>) => onChange({ ...grounds, ...change });
  return (
    <>
      <TextInput
        autoComplete="off"
        description="Administrators see it here, nobody else."
        label="Reason for administrators"
        maxLength={1000}
        onChange={({ currentTarget }) => set({ reason: currentTarget.value })}
        pattern=".*\S.*"
        required
        value={grounds.reason}
      />
      <TextInput
        autoComplete="off"
        description="Told at the sign-in, after the right password. May be left empty."
        label="Reason for the user"
        maxLength={1000}
        onChange={({ currentTarget }) => set({ userReason: currentTarget.value })}
        value={grounds.userReason}
      />
      <Alternatives choices={ends} label="It ends" onChange={(end) => set({ end })} value={grounds.end} />
      {grounds.end === "dated" && (
        <DayField
          label="Last day of the block"
          min={dayOf(new Date())}
          onChange={(lastDay) => set({ lastDay })}
          required
          value={grounds.lastDay}
        />
      )}
    </>
  );
}
