// What people call a thing.

import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";

interface NameFieldProps {
  readonly label?: string;
  readonly description?: ReactNode;
  readonly value: string;
  readonly onChange: (name: string) => void;
}

export function NameField({ label = "Name", description, value, onChange }: NameFieldProps): ReactNode {
  return (
    <TextInput
      autoComplete="off"
      description={description}
      label={label}
      maxLength={200}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      // Spaces alone are no name.
      pattern=".*\S.*"
      required
      value={value}
    />
  );
}
