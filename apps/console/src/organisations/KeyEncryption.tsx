// The key that wraps the material of all keys: its version, how far wrapping anew has come, and the nightly sample.

import { keys } from "@lockstep/api";
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { z } from "zod";

import { call, keyEncryptionQuery } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { Loaded } from "../Loaded.tsx";
import { useInstallationRights } from "../sessions/rights.ts";
import { Fact } from "../ui/Fact.tsx";
import { countOf, wordsOfNumber } from "../ui/format.ts";
import { Moment } from "../ui/Moment.tsx";
import { Note } from "../ui/Note.tsx";
import { Progress } from "../ui/Progress.tsx";
import { Section } from "../ui/Section.tsx";
import styles from "./installation.module.css";

type State = z.output<typeof keys.showKeyEncryption.reply>;

export function KeyEncryption(): ReactNode {
  const query = useQuery(keyEncryptionQuery());
  const [isRotating, setRotating] = useState(false);
  const mayRotate = useInstallationRights()("rotate-key-encryption-key").allowed;
  return (
    <Section
      aside={mayRotate && <Button onClick={() => setRotating(true)}>Rotate</Button>}
      title="Key-encryption key"
    >
      <Loaded query={query} skeleton={<Skeleton height={100} />}>
        {(state) => (
          <>
            <dl className={styles.facts}>
              <Fact name="Version">{state.currentVersion}</Fact>
              <Fact name="Wraps">
                {countOf(state.wrapped, "piece of key material", "pieces of key material")}
              </Fact>
              <Fact name="Last sample">
                <Canary canary={state.canary} />
              </Fact>
            </dl>
            {state.left > 0 && (
              <div className={styles.inset}>
                <Progress
                  done={state.wrapped - state.left}
                  label="Wrapped under the current version"
                  of="wrapped anew"
                  total={state.wrapped}
                />
              </div>
            )}
            {state.canary !== null && state.canary.unreadable > 0 && (
              <div className={styles.inset}>
                <Note isLine title="Some key material cannot be opened." tone="bad">
                  {wordsOfNumber(state.canary.unreadable)} of {wordsOfNumber(state.canary.sampled)} sampled
                  pieces. Look into the operating manual before anything is rotated or deleted.
                </Note>
              </div>
            )}
            {isRotating && <RotateDialog onClose={() => setRotating(false)} state={state} />}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Canary({ canary }: { readonly canary: State["canary"] }): ReactNode {
  if (canary === null) return "none yet; one is taken every night";
  const { at, sampled, unreadable } = canary;
  return (
    <>
      {unreadable === 0
        ? `all ${wordsOfNumber(sampled)} opened`
        : `${wordsOfNumber(unreadable)} did not open`}
      , <Moment at={at} />
    </>
  );
}

interface RotateDialogProps {
  readonly state: State;
  readonly onClose: () => void;
}

function RotateDialog({ state, onClose }: RotateDialogProps): ReactNode {
  const rotate = useChange("installation", () => call(keys.rotateKeyEncryptionKey));
  return (
    <FormDialog
      action="Rotate"
      change={rotate}
      onClose={onClose}
      onSubmit={(close) => rotate.mutate(undefined, { onSuccess: close })}
      title="Rotate the key-encryption key"
    >
      <p>
        Version {state.currentVersion + 1} is made and kept beside the former ones, outside the database. All{" "}
        {wordsOfNumber(state.wrapped)} pieces of key material are then wrapped anew in the background.
      </p>
      <p>No encryption key changes by it, so nobody’s status does. Back up the key file afterwards.</p>
    </FormDialog>
  );
}
