// A mail address, or none.

import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";

interface EmailFieldProps {
  readonly value: string;
  readonly onChange: (email: string) => void;
}

export function EmailField({ value, onChange }: EmailFieldProps): ReactNode {
  return (
    <TextInput
      autoComplete="off"
      description="May be left empty."
      label="E-mail"
      maxLength={254}
      onChange={({ currentTarget }) => onChange(currentTarget.value.trim())}
      type="email"
      value={value}
    />
  );
}
