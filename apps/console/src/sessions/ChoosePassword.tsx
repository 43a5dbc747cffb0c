// Choosing a password behind the link of a mail. Only the button does anything.

import { Button } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { Refused } from "../changes/Refused.tsx";
import { Form } from "../ui/Form.tsx";
import { PasswordField } from "../ui/PasswordField.tsx";
import { leastPassword, PasswordHint } from "./PasswordHint.tsx";

interface ChoosePasswordProps {
  readonly action: string;
  readonly label: string;
  readonly choosing: UseMutationResult<unknown, Error, string>;
}

export function ChoosePassword({ action, label, choosing }: ChoosePasswordProps): ReactNode {
  const [password, setPassword] = useState("");
  return (
    <Form onSubmit={() => choosing.mutate(password)}>
      <Refused error={choosing.error} />
      <PasswordField
        autoComplete="new-password"
        autoFocus
        description={<PasswordHint password={password} />}
        label={label}
        minLength={leastPassword}
        name="password"
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        required
        size="md"
        value={password}
      />
      <Button fullWidth loading={choosing.isPending} size="md" type="submit" variant="filled">
        {action}
      </Button>
    </Form>
  );
}
