// The own second factor, among what is one's own: set up, recovery codes made anew, switched off.

import { secondFactors } from "@lockstep/api";
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { ChangeForm } from "../changes/ChangeForm.tsx";
import { Loaded } from "../Loaded.tsx";
import styles from "../sessions/sessions.module.css";
import { Dialog } from "../ui/Dialog.tsx";
import { Fact } from "../ui/Fact.tsx";
import { Moment } from "../ui/Moment.tsx";
import { PasswordField } from "../ui/PasswordField.tsx";
import { Section } from "../ui/Section.tsx";
import { secondFactorQuery } from "./queries.ts";
import { RecoveryCodes } from "./RecoveryCodes.tsx";
import own from "./second-factors.module.css";
import { CodeField } from "./SecondStep.tsx";

type Doing = "end" | "replace";

export function OwnSecondFactor(): ReactNode {
  const query = useQuery(secondFactorQuery());
  const [doing, setDoing] = useState<Doing | null>(null);
  return (
    <Section title="Second factor">
      <Loaded query={query} skeleton={<Skeleton height={80} />}>
        {({ since, recoveryCodes, hasPassword }) =>
          since === null ? (
            <div className={styles.inset}>
              <p className={own.about}>A code from an app on your phone, besides the password.</p>
              <Button renderRoot={(props) => <Link to="/second-factor" {...props} />} size="sm">
                Set it up
              </Button>
            </div>
          ) : (
            <>
              <dl className={styles.facts}>
                <Fact name="On since">
                  <Moment at={since} />
                </Fact>
                <Fact name="Recovery codes left">{recoveryCodes}</Fact>
              </dl>
              <div className={own.buttons}>
                <Button onClick={() => setDoing("replace")}>New recovery codes</Button>
                <Button onClick={() => setDoing("end")}>Switch it off</Button>
              </div>
              {doing && (
                <ProvenDialog doing={doing} hasPassword={hasPassword} onClose={() => setDoing(null)} />
              )}
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

const words = {
  end: { title: "Switch the second factor off", action: "Switch it off" },
  replace: { title: "New recovery codes", action: "Make them" },
} as const;

interface ProvenProps {
  readonly doing: Doing;
  readonly hasPassword: boolean;
  readonly onClose: () => void;
}

function ProvenDialog({ doing, hasPassword, onClose }: ProvenProps): ReactNode {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const body = { password: hasPassword ? password : null, code };
  const change = useChange("session", async (): Promise<readonly string[] | null> => {
    if (doing === "replace") return (await call(secondFactors.replaceRecoveryCodes, { body })).recoveryCodes;
    await call(secondFactors.endSecondFactor, { body });
    return null;
  });
  const { title, action } = words[doing];
  return (
    <Dialog isFirm onClose={onClose} title={title}>
      {(close) =>
        change.data ? (
          <>
            <RecoveryCodes codes={change.data} />
            <div>
              <Button onClick={close} size="sm" variant="filled">
                I have kept them
              </Button>
            </div>
          </>
        ) : (
          <ChangeForm
            action={action}
            change={change}
            close={close}
            isGrave={doing === "end"}
            onSubmit={(done) =>
              change.mutate(undefined, { onSuccess: (codes) => (codes === null ? done() : undefined) })
            }
          >
            {hasPassword && (
              <PasswordField
                autoComplete="current-password"
                label="Your password once more"
                onChange={({ currentTarget }) => setPassword(currentTarget.value)}
                required
                value={password}
              />
            )}
            <CodeField code={code} onChange={setCode} />
          </ChangeForm>
        )
      }
    </Dialog>
  );
}
