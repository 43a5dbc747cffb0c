// The own password once more, before something that whoever sits down at an open browser must not do. Who has none here
// needs to have signed in just now.

import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { hasCode } from "../api.ts";
import type { ChangeState } from "../changes/change.ts";
import { secondFactorQuery } from "../second-factors/queries.ts";
import { PasswordField } from "../ui/PasswordField.tsx";

export interface OwnPassword {
  /** What is sent: null for who has none here. */
  readonly given: string | null;
  readonly text: string;
  readonly setText: (text: string) => void;
}

export function useOwnPassword(): OwnPassword {
  const { data } = useQuery(secondFactorQuery());
  const [text, setText] = useState("");
  return { given: data?.hasPassword === false ? null : text, text, setText };
}

const isWrong = (error: Error | null): boolean => hasCode(error, "sign_in_failed");

interface OwnPasswordFieldProps {
  readonly own: OwnPassword;
  /** Of the change that it was given to. */
  readonly error: Error | null;
}

export function OwnPasswordField({ own, error }: OwnPasswordFieldProps): ReactNode {
  if (own.given === null) {
    return <p>You have no password here, so this needs a sign-in of the last ten minutes.</p>;
  }
  return (
    <PasswordField
      autoComplete="current-password"
      error={isWrong(error) && "This is not your password."}
      label="Your password once more"
      onChange={({ currentTarget }) => own.setText(currentTarget.value)}
      required
      value={own.text}
    />
  );
}

/** What is left to be said of a change where the field says that the password was wrong. */
export function besidesPassword<State extends Pick<ChangeState, "error">>(change: State): State {
  return isWrong(change.error) ? { ...change, error: null } : change;
}
