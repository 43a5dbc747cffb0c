// The very first visit: whoever has the code that the server printed becomes its first administrator.

import { sessions } from "@lockstep/api";
import { Button, TextInput } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { Link, useRouter, useRouterState } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";

import { call, hasCode, sentenceOf } from "../api.ts";
import { Refused } from "../changes/Refused.tsx";
import { useFields } from "../ui/fields.ts";
import { Form } from "../ui/Form.tsx";
import { PasswordField } from "../ui/PasswordField.tsx";
import { Door } from "./Door.tsx";
import { useEnter } from "./entry.ts";
import { leastPassword, PasswordHint } from "./PasswordHint.tsx";

const empty = { name: "", username: "", password: "", organisation: "" };

export function SetUpPage(): ReactNode {
  const [code, setCode] = useCodeOfAddress();
  const { values, field } = useFields(empty);
  const enter = useEnter();
  const setUp = useMutation({
    mutationFn: () => {
      const { organisation, ...administrator } = values;
      return call(sessions.setUp, {
        body: { code: code.trim(), administrator, organisation: { name: organisation } },
      });
    },
    onSuccess: (me) => enter(me, "/"),
  });
  useDocumentTitle("Set up · Lockstep");
  return (
    <Door
      lead="You become the first administrator, with an organisation of your own. It takes a minute."
      title="Set up Lockstep"
    >
      <Form onSubmit={() => setUp.mutate()}>
        <CodeField code={code} error={setUp.error} onChange={setCode} />
        <TextInput {...field("name")} size="md" autoComplete="name" label="Your name" maxLength={200} />
        <TextInput
          {...field("username")}
          size="md"
          autoCapitalize="none"
          autoComplete="username"
          description="You sign in with it. It is never changed."
          label="Username"
          maxLength={200}
          pattern="\S+"
          spellCheck={false}
          title="A username has no spaces."
        />
        <PasswordField
          {...field("password")}
          size="md"
          autoComplete="new-password"
          description={<PasswordHint password={values.password} />}
          label="Password"
          minLength={leastPassword}
        />
        <TextInput
          {...field("organisation")}
          size="md"
          autoComplete="off"
          label="Name of the organisation"
          maxLength={200}
        />
        <SetUpRefused error={setUp.error} />
        <Button fullWidth loading={setUp.isPending} size="md" type="submit" variant="filled">
          Set up
        </Button>
      </Form>
    </Door>
  );
}

interface CodeFieldProps {
  readonly code: string;
  readonly error: Error | null;
  readonly onChange: (code: string) => void;
}

function CodeField({ code, error, onChange }: CodeFieldProps): ReactNode {
  return (
    <TextInput
      autoComplete="off"
      description="The server printed it in the line with this page's address."
      error={hasCode(error, "set_up_code_wrong") && sentenceOf(error).title}
      label="Set-up code"
      maxLength={100}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      required
      size="md"
      spellCheck={false}
      value={code}
    />
  );
}

/** The code travels in the fragment, which no server and no log sees; once read it leaves the address too. */
function useCodeOfAddress(): [string, (code: string) => void] {
  const router = useRouter();
  const hash = useRouterState({ select: ({ location }) => location.hash });
  const [code, setCode] = useState("");
  useEffect(() => {
    const given = new URLSearchParams(hash).get("code");
    if (given === null) return;
    setCode(given);
    void router.navigate({ to: "/set-up", hash: "", replace: true });
  }, [hash, router]);
  return [code, setCode];
}

/** What no single field has to answer for. */
function SetUpRefused({ error }: { readonly error: Error | null }): ReactNode {
  if (hasCode(error, "set_up_code_wrong")) return null;
  const signIn = hasCode(error, "set_up_done") && (
    <Button renderRoot={(props) => <Link to="/sign-in" {...props} />}>Sign in</Button>
  );
  return <Refused action={signIn} error={error} />;
}
