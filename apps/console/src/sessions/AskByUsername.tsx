// Asking, by username, for a mail. The answer is the same for every name.

import { Button, TextInput } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { Refused } from "../changes/Refused.tsx";
import { Form } from "../ui/Form.tsx";
import { Note } from "../ui/Note.tsx";
import { Door } from "./Door.tsx";
import styles from "./sessions.module.css";

interface AskByUsernameProps {
  readonly title: string;
  readonly lead: string;
  /** What is said once it was asked for, whoever has the name. */
  readonly sent: string;
  readonly ask: (username: string) => Promise<unknown>;
}

export function AskByUsername({ title, lead, sent, ask }: AskByUsernameProps): ReactNode {
  const [username, setUsername] = useState("");
  const asking = useMutation({ mutationFn: () => ask(username) });
  useDocumentTitle(`${title} · Lockstep`);
  return (
    <Door lead={lead} title={title}>
      <Form onSubmit={() => asking.mutate()}>
        <Refused error={asking.error} />
        {asking.isSuccess && (
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
        <Button fullWidth loading={asking.isPending} size="md" type="submit" variant="filled">
          Send the mail
        </Button>
      </Form>
      <Link className={styles.onward} to="/sign-in">
        Back to signing in
      </Link>
    </Door>
  );
}
