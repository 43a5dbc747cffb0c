// How many seats a licence has.

import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";

interface SeatsFieldProps {
  readonly value: string;
  /** Fewer than are taken cannot be. */
  readonly min?: number;
  readonly onChange: (seats: string) => void;
}

export function SeatsField({ value, min = 1, onChange }: SeatsFieldProps): ReactNode {
  return (
    <TextInput
      inputMode="numeric"
      label="Seats"
      max={10_000_000}
      min={min}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      required
      type="number"
      value={value}
    />
  );
}
