// The second step of signing in: a code of the app, or a recovery code.

import { secondFactors, type Me } from "@lockstep/api";
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call, hasCode } from "../api.ts";
import { Refused } from "../changes/Refused.tsx";
import { Door } from "../sessions/Door.tsx";
import { Form } from "../ui/Form.tsx";

interface SecondStepProps {
  readonly onDone: (me: Me) => void;
  /** Signing in begins from the beginning. */
  readonly onEnded: () => void;
}

export function SecondStep({ onDone, onEnded }: SecondStepProps): ReactNode {
  const [code, setCode] = useState("");
  const [isRecovery, setRecovery] = useState(false);
  const prove = useMutation({
    mutationFn: () => call(secondFactors.proveSecondFactor, { body: { code } }),
    onSuccess: onDone,
    onError: () => setCode(""),
  });
  const isEnded = hasCode(prove.error, "second_step_ended");
  const again = (
    <Button onClick={onEnded} size="sm">
      Sign in again
    </Button>
  );
  return (
    <Door
      lead={isRecovery ? "One of the codes that you wrote down." : "The six digits that your app shows now."}
      title="Second step"
    >
      <Form onSubmit={() => prove.mutate()}>
        <Refused action={isEnded ? again : undefined} error={prove.error} />
        <CodeField code={code} isRecovery={isRecovery} key={String(isRecovery)} onChange={setCode} />
        <Button fullWidth loading={prove.isPending} size="md" type="submit" variant="filled">
          Sign in
        </Button>
        <Button
          fullWidth
          onClick={() => {
            setRecovery(!isRecovery);
            setCode("");
            prove.reset();
          }}
          size="sm"
        >
          {isRecovery ? "Use the app" : "Use a recovery code"}
        </Button>
      </Form>
    </Door>
  );
}

interface CodeFieldProps {
  readonly code: string;
  readonly isRecovery?: boolean;
  readonly onChange: (code: string) => void;
}

export function CodeField({ code, isRecovery = false, onChange }: CodeFieldProps): ReactNode {
  return (
    <TextInput
      autoComplete={isRecovery ? "off" : "one-time-code"}
      autoFocus
      inputMode={isRecovery ? "text" : "numeric"}
      label={isRecovery ? "Recovery code" : "Code"}
      maxLength={40}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      required
      size="md"
      spellCheck={false}
      value={code}
    />
  );
}
