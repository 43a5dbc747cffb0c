// A day of the calendar, entered as the browser has it.

import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";

interface DayFieldProps {
  readonly label: string;
  readonly description?: string | undefined;
  /** Empty where there is none. */
  readonly value: string;
  readonly min?: string;
  readonly required: boolean;
  readonly onChange: (day: string) => void;
}

export function DayField({ label, description, value, min, required, onChange }: DayFieldProps): ReactNode {
  return (
    <TextInput
      description={description}
      inputWrapperOrder={["label", "input", "description", "error"]}
      label={label}
      max="9999-12-31"
      min={min}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      required={required}
      type="date"
      value={value}
    />
  );
}
