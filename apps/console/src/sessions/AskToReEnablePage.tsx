// Asking, by username, for the mail that enables a disabled account again. The answer is the same for every name.

import { invitations } from "@lockstep/api";
import { Button, TextInput } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { Refused } from "../changes/Refused.tsx";
import { Form } from "../ui/Form.tsx";
import { Note } from "../ui/Note.tsx";
import { Door } from "./Door.tsx";
import styles from "./sessions.module.css";

const sent =
  "If the account was disabled because it was not used, a mail is on its way to its address. It is sent once in five minutes.";

export function AskToReEnablePage(): ReactNode {
  const [username, setUsername] = useState("");
  const ask = useMutation({
    mutationFn: () => call(invitations.askToReEnable, { body: { username } }),
  });
  useDocumentTitle("Reactivate your account · Lockstep");
  return (
    <Door
      lead="You get a mail at the address of your account. Its link lets you confirm that you still use it."
      title="Reactivate your account"
    >
      <Form onSubmit={() => ask.mutate()}>
        <Refused error={ask.error} />
        {ask.isSuccess && (
          <Note isLine title="Look into your mails." tone="good">
            {sent}
          </Note>
        )}
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
        <Button fullWidth loading={ask.isPending} size="md" type="submit" variant="filled">
          Send the mail
        </Button>
      </Form>
      <Link className={styles.onward} to="/sign-in">
        Back to signing in
      </Link>
    </Door>
  );
}
