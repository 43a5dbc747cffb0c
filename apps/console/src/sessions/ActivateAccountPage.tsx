// Where the link of an activation mail leads: a password is chosen, and only the button activates the account.

import { invitations } from "@lockstep/api";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { call } from "../api.ts";
import { ChoosePassword } from "./ChoosePassword.tsx";
import { useLinkSecret } from "./link.ts";
import { LinkDoor } from "./LinkDoor.tsx";

export function ActivateAccountPage(): ReactNode {
  const secret = useLinkSecret();
  const activate = useMutation({
    mutationFn: (password: string) => call(invitations.activateAccount, { body: { secret, password } }),
  });
  return (
    <LinkDoor
      done={activate.isSuccess ? "Your account is active. You can sign in with your password." : null}
      purpose="activate-account"
      secret={secret}
      title="Activate your account"
    >
      <ChoosePassword action="Activate" choosing={activate} label="Password" />
    </LinkDoor>
  );
}
