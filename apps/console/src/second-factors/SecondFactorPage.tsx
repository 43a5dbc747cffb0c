// Setting up a second factor: the password once more, a code to point the camera at, a first code, and what to keep for
// the day on which the phone is gone. A page of its own, because somebody may have to before anything else.

import { secondFactors, type SecondFactor } from "@lockstep/api";
import { Button } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call, sessionQuery } from "../api.ts";
import { Refused } from "../changes/Refused.tsx";
import { Loaded } from "../Loaded.tsx";
import { Door } from "../sessions/Door.tsx";
import { CopyField } from "../ui/CopyField.tsx";
import { Form } from "../ui/Form.tsx";
import { Note } from "../ui/Note.tsx";
import { PasswordField } from "../ui/PasswordField.tsx";
import { QrCode } from "../ui/QrCode.tsx";
import { secondFactorQuery } from "./queries.ts";
import { RecoveryCodes } from "./RecoveryCodes.tsx";
import { CodeField } from "./SecondStep.tsx";
import styles from "./second-factors.module.css";

interface Begun {
  readonly secret: string;
  readonly address: string;
}

export function SecondFactorPage(): ReactNode {
  const query = useQuery(secondFactorQuery());
  const [begun, setBegun] = useState<Begun | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  useDocumentTitle("Set up a second factor · Lockstep");
  if (codes !== null) return <Kept codes={codes} />;
  if (begun !== null) return <Scan begun={begun} onDone={setCodes} />;
  return (
    <Loaded isPage query={query} skeleton={null}>
      {(factor) => <Start factor={factor} onBegun={setBegun} />}
    </Loaded>
  );
}

interface StartProps {
  readonly factor: SecondFactor;
  readonly onBegun: (begun: Begun) => void;
}

function Start({ factor, onBegun }: StartProps): ReactNode {
  const [password, setPassword] = useState("");
  const start = useMutation({
    mutationFn: () =>
      call(secondFactors.startSecondFactor, {
        body: { password: factor.hasPassword ? password : null },
      }),
    onSuccess: onBegun,
    onError: () => setPassword(""),
  });
  const lead = factor.isRequired
    ? "Your organisation requires a second factor: a code from an app on your phone, besides the password."
    : "Signing in will ask for a code from an app on your phone, besides the password.";
  return (
    <Door lead={lead} title="Set up a second factor">
      <Form onSubmit={() => start.mutate()}>
        <Refused error={start.error} />
        {factor.hasPassword && (
          <PasswordField
            autoComplete="current-password"
            label="Your password once more"
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            required
            size="md"
            value={password}
          />
        )}
        <Button fullWidth loading={start.isPending} size="md" type="submit" variant="filled">
          Go on
        </Button>
      </Form>
    </Door>
  );
}

interface ScanProps {
  readonly begun: Begun;
  readonly onDone: (codes: readonly string[]) => void;
}

function Scan({ begun: { secret, address }, onDone }: ScanProps): ReactNode {
  const [code, setCode] = useState("");
  const confirm = useMutation({
    mutationFn: () => call(secondFactors.confirmSecondFactor, { body: { code } }),
    onSuccess: ({ recoveryCodes }) => onDone(recoveryCodes),
    onError: () => setCode(""),
  });
  return (
    <Door lead="Point your authenticator app at this, then type the code that it shows." title="Your app">
      <div className={styles.scan}>
        <QrCode label="What your authenticator app reads" text={address} />
      </div>
      <details className={styles.byHand}>
        <summary>Without a camera</summary>
        <CopyField label="The key to type into the app" text={secret} />
      </details>
      <Form onSubmit={() => confirm.mutate()}>
        <Refused error={confirm.error} />
        <CodeField code={code} onChange={setCode} />
        <Button fullWidth loading={confirm.isPending} size="md" type="submit" variant="filled">
          Confirm
        </Button>
      </Form>
    </Door>
  );
}

function Kept({ codes }: { readonly codes: readonly string[] }): ReactNode {
  const queries = useQueryClient();
  const router = useRouter();
  const goOn = async () => {
    await queries.invalidateQueries({ queryKey: sessionQuery().queryKey });
    await router.navigate({ to: "/account", replace: true });
  };
  return (
    <Door title="Recovery codes">
      <Note isLine title="The second factor is on." tone="good" />
      <RecoveryCodes codes={codes} />
      <Button fullWidth onClick={() => void goOn()} size="md" variant="filled">
        I have kept them
      </Button>
    </Door>
  );
}
