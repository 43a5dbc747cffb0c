// Asking, by username, for the mail with which a forgotten password is chosen anew.

import { passwords } from "@lockstep/api";
import type { ReactNode } from "react";

import { call } from "../api.ts";
import { AskByUsername } from "./AskByUsername.tsx";

export function AskForPasswordPage(): ReactNode {
  return (
    <AskByUsername
      ask={(username) => call(passwords.askForPassword, { body: { username } })}
      lead="You get a mail at the address of your account. Its link lets you choose another password."
      sent="If there is such an account, a mail is on its way to its address. It is sent once in five minutes. If none comes, ask your administrator."
      title="Forgot your password?"
    />
  );
}
