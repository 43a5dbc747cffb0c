// Where the link of an activation mail leads: a password is chosen, and only the button activates the account.

import { invitations } from "@lockstep/api";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { Refused } from "../changes/Refused.tsx";
import { Form } from "../ui/Form.tsx";
import { PasswordField } from "../ui/PasswordField.tsx";
import { useLinkSecret } from "./link.ts";
import { LinkDoor } from "./LinkDoor.tsx";
import { leastPassword, PasswordHint } from "./PasswordHint.tsx";

export function ActivateAccountPage(): ReactNode {
  const secret = useLinkSecret();
  const [password, setPassword] = useState("");
  const activate = useMutation({
    mutationFn: () => call(invitations.activateAccount, { body: { secret, password } }),
  });
  return (
    <LinkDoor
      done={activate.isSuccess ? "Your account is active. You can sign in with your password." : null}
      purpose="activate-account"
      secret={secret}
      title="Activate your account"
    >
      <Form onSubmit={() => activate.mutate()}>
        <Refused error={activate.error} />
        <PasswordField
          autoComplete="new-password"
          autoFocus
          description={<PasswordHint password={password} />}
          label="Password"
          minLength={leastPassword}
          name="password"
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          required
          size="md"
          value={password}
        />
        <Button fullWidth loading={activate.isPending} size="md" type="submit" variant="filled">
          Activate
        </Button>
      </Form>
    </LinkDoor>
  );
}
