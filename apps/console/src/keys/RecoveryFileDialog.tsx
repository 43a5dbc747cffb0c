// Every key of an organisation in one sealed file, made for this one download and kept nowhere here.

import { keys } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { z } from "zod";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { ChangeForm } from "../changes/ChangeForm.tsx";
import { besidesPassword, OwnPasswordField, useOwnPassword } from "../sessions/OwnPassword.tsx";
import { Alternatives } from "../ui/Alternatives.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { download } from "../ui/download.ts";
import { useFields } from "../ui/fields.ts";
import { countOf } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { PasswordField } from "../ui/PasswordField.tsx";
import ui from "../ui/ui.module.css";

interface RecoveryFileDialogProps {
  readonly organisation: { readonly id: OrganisationId; readonly name: string };
  readonly onClose: () => void;
}

const openers = [
  { value: "passphrase", label: "a passphrase" },
  { value: "recipient", label: "the holder of an age key" },
] as const;
type Opener = (typeof openers)[number]["value"];

const leastPassphrase = 12;
const empty = { passphrase: "", again: "", recipient: "" };

export function RecoveryFileDialog({ organisation, onClose }: RecoveryFileDialogProps): ReactNode {
  const { id: organisationId, name } = organisation;
  const [opener, setOpener] = useState<Opener>("passphrase");
  const fields = useFields(empty);
  const { values } = fields;
  const own = useOwnPassword();
  const isPassphrase = opener === "passphrase";
  const make = useChange(organisationId, async () => {
    const by = isPassphrase ? { passphrase: values.passphrase } : { recipient: values.recipient.trim() };
    const reply = await call(keys.exportKeys, {
      params: { organisationId },
      body: { password: own.given, ...by },
    });
    save(reply.file, name);
    return reply;
  });
  return (
    <Dialog isFirm onClose={onClose} title={`Recovery file of ${name}`}>
      {(close) =>
        make.isSuccess ? (
          <Made close={close} made={make.data} name={name} />
        ) : (
          <ChangeForm
            action="Make and download it"
            change={besidesPassword(make)}
            close={close}
            isReady={!isPassphrase || values.again === values.passphrase}
            onSubmit={() => make.mutate(undefined)}
          >
            <p>
              Whoever opens it can read every file of {name}, with or without this server. That it was made is
              recorded; the file itself is not kept.
            </p>
            <Alternatives choices={openers} label="It is opened by" onChange={setOpener} value={opener} />
            {isPassphrase ? <PassphraseFields fields={fields} /> : <RecipientField fields={fields} />}
            <OwnPasswordField error={make.error} own={own} />
          </ChangeForm>
        )
      }
    </Dialog>
  );
}

interface FieldsProps {
  readonly fields: ReturnType<typeof useFields<keyof typeof empty>>;
}

function PassphraseFields({ fields: { field, values } }: FieldsProps): ReactNode {
  const differs = values.again !== "" && values.again !== values.passphrase;
  return (
    <>
      <PasswordField
        {...field("passphrase")}
        autoComplete="off"
        description="Twelve characters or more. Nobody can find it out for you."
        label="Passphrase"
        minLength={leastPassphrase}
      />
      <PasswordField
        {...field("again")}
        autoComplete="off"
        error={differs && "This is not the same."}
        label="The passphrase again"
      />
    </>
  );
}

function RecipientField({ fields: { field } }: FieldsProps): ReactNode {
  return (
    <TextInput
      {...field("recipient")}
      autoComplete="off"
      description="As age-keygen prints it: it begins with age1."
      label="Recipient"
      maxLength={3000}
      spellCheck={false}
    />
  );
}

interface MadeProps {
  readonly name: string;
  readonly made: z.output<typeof keys.exportKeys.reply>;
  readonly close: () => void;
}

function Made({ name, made, close }: MadeProps): ReactNode {
  return (
    <>
      <Note isLine title={`${countOf(made.keys, "key")}, with every version, in the file.`} tone="good">
        Try whether it opens, and keep it apart from this server.
      </Note>
      <div className={ui.buttons}>
        <Button onClick={close} size="sm" variant="filled">
          Done
        </Button>
        <Button onClick={() => save(made.file, name)} size="sm">
          Download it again
        </Button>
      </div>
    </>
  );
}

function save(text: string, name: string): void {
  download(text, { of: `${name} recovery`, ending: "age", type: "application/octet-stream" });
}
