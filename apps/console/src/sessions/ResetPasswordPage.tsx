// Where the link of the mail for a forgotten password leads: another one is chosen, and only the button sets it.

import { passwords } from "@lockstep/api";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { call } from "../api.ts";
import { ChoosePassword } from "./ChoosePassword.tsx";
import { useLinkSecret } from "./link.ts";
import { LinkDoor } from "./LinkDoor.tsx";

export function ResetPasswordPage(): ReactNode {
  const secret = useLinkSecret();
  const reset = useMutation({
    mutationFn: (password: string) => call(passwords.resetPassword, { body: { secret, password } }),
  });
  return (
    <LinkDoor
      done={
        reset.isSuccess
          ? "Your password is changed. Wherever you were signed in, you are signed out; your tokens have ended."
          : null
      }
      purpose="reset-password"
      secret={secret}
      title="Choose another password"
    >
      <ChoosePassword action="Change the password" choosing={reset} label="New password" />
    </LinkDoor>
  );
}
