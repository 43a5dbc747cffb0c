// Signing in with username and password, and a second factor where there is one. Refusals are the server's own sentences.

import { sessions } from "@lockstep/api";
import { Button, TextInput } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useRef, useState, type ReactNode } from "react";

import { call, hasCode, sentenceOf } from "../api.ts";
import { Refused } from "../changes/Refused.tsx";
import { SecondStep } from "../second-factors/SecondStep.tsx";
import { Form } from "../ui/Form.tsx";
import { PasswordField } from "../ui/PasswordField.tsx";
import { Door } from "./Door.tsx";
import { useEnter } from "./entry.ts";
import styles from "./sessions.module.css";

const route = getRouteApi("/sign-in");

export function SignInPage(): ReactNode {
  const search = route.useSearch();
  const { to = "/" } = search;
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const secret = useRef<HTMLInputElement>(null);
  const enter = useEnter();
  useDocumentTitle("Sign in · Lockstep");
  const signIn = useMutation({
    mutationFn: () => call(sessions.signIn, { body: { username, password } }),
    onSuccess: (me) => enter(me, to),
    onError: () => {
      setPassword("");
      secret.current?.focus();
    },
  });
  if (hasCode(signIn.error, "second_factor_needed"))
    return <SecondStep onDone={(me) => void enter(me, to)} onEnded={() => signIn.reset()} />;
  const isDisabled = hasCode(signIn.error, "account_disabled");
  return (
    <Door title="Sign in">
      <Form onSubmit={() => signIn.mutate()}>
        <Refused error={isDisabled ? null : signIn.error} />
        <TextInput
          autoCapitalize="none"
          autoComplete="username"
          autoFocus
          label="Username"
          maxLength={200}
          name="username"
          onChange={({ currentTarget }) => setUsername(currentTarget.value)}
          required
          size="md"
          spellCheck={false}
          value={username}
        />
        <PasswordField
          autoComplete="current-password"
          label="Password"
          name="password"
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          ref={secret}
          required
          size="md"
          value={password}
        />
        <Button fullWidth loading={signIn.isPending} size="md" type="submit" variant="filled">
          Sign in
        </Button>
      </Form>
      <Link className={styles.onward} to="/forgot-password">
        Forgot your password?
      </Link>
      <Link className={styles.onward} search={search} to="/sign-in/by-organisation">
        Single sign-on
      </Link>
      {isDisabled && <DisabledBanner error={signIn.error} />}
    </Door>
  );
}

/** Only after the right password; the way back is the user's own. */
function DisabledBanner({ error }: { readonly error: Error | null }): ReactNode {
  return (
    <div className={styles.banner} role="alert">
      {sentenceOf(error).title}
      <Link to="/re-enable">Reactivate your account</Link>
    </div>
  );
}
