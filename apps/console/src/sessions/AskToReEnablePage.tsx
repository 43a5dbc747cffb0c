// Asking, by username, for the mail that enables a disabled account again.

import { invitations } from "@lockstep/api";
import type { ReactNode } from "react";

import { call } from "../api.ts";
import { AskByUsername } from "./AskByUsername.tsx";

export function AskToReEnablePage(): ReactNode {
  return (
    <AskByUsername
      ask={(username) => call(invitations.askToReEnable, { body: { username } })}
      lead="You get a mail at the address of your account. Its link lets you confirm that you still use it."
      sent="If the account was disabled because it was not used, a mail is on its way to its address. It is sent once in five minutes."
      title="Reactivate your account"
    />
  );
}
