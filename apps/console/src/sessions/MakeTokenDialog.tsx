// Making a token. It is shown once and kept nowhere: not in the address, not in the browser's storage.

import { sessions, type TokenScope } from "@lockstep/api";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { z } from "zod";

import { call } from "../api.ts";
import { useChange, useIdempotencyKey } from "../changes/change.ts";
import { ChangeForm } from "../changes/ChangeForm.tsx";
import { CopyField } from "../ui/CopyField.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { wordsOfMoment } from "../ui/format.ts";

const mayDo = [
  { value: "everything", label: "everything that you may" },
  { value: "reading", label: "read, and change nothing" },
];

const terms = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "366", label: "a year" },
];

interface MakeTokenDialogProps {
  readonly onClose: () => void;
}

export function MakeTokenDialog({ onClose }: MakeTokenDialogProps): ReactNode {
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");
  const [scope, setScope] = useState<TokenScope>("everything");
  const idempotencyKey = useIdempotencyKey();
  const make = useChange("session", () =>
    call(sessions.makeToken, { body: { name, scope, days: Number(days) }, idempotencyKey }),
  );
  return (
    <Dialog isFirm onClose={onClose} title={make.isSuccess ? `The token ${name}` : "Make a token"}>
      {(close) =>
        make.isSuccess ? (
          <Made close={close} made={make.data} />
        ) : (
          <ChangeForm
            action="Make the token"
            change={make}
            close={close}
            onSubmit={() => make.mutate(undefined)}
          >
            <TextInput
              description="What it is for, so that you know later which one to end."
              label="Name"
              maxLength={200}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
              required
              value={name}
            />
            <NativeSelect
              data={mayDo}
              label="It may"
              onChange={({ currentTarget }) => setScope(currentTarget.value as TokenScope)}
              value={scope}
            />
            <NativeSelect
              data={terms}
              label="It ends by itself after"
              onChange={({ currentTarget }) => setDays(currentTarget.value)}
              value={days}
            />
          </ChangeForm>
        )
      }
    </Dialog>
  );
}

interface MadeProps {
  readonly made: z.output<typeof sessions.makeToken.reply>;
  readonly close: () => void;
}

function Made({ made: { token, secret }, close }: MadeProps): ReactNode {
  return (
    <>
      <p>
        Copy it now: it is shown this once. Until {wordsOfMoment(token.expiresAt)} whoever has it{" "}
        {token.scope === "reading" ? "reads" : "works"} as you.
      </p>
      <CopyField label="Token" text={secret} />
      <div>
        <Button onClick={close} size="sm" variant="filled">
          Done
        </Button>
      </div>
    </>
  );
}
