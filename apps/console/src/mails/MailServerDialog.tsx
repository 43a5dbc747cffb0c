// Saying which server takes mails. Its password is kept sealed, and goes nowhere else than where it has gone.

import { mails, type MailServer } from "@lockstep/api";
import { Checkbox, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { useEdited } from "../changes/edited.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { Alternatives } from "../ui/Alternatives.tsx";
import { PasswordField } from "../ui/PasswordField.tsx";
import { securityWords } from "./words.ts";
import styles from "./mails.module.css";

type Security = NonNullable<MailServer["server"]>["security"];

interface Draft {
  readonly host: string;
  readonly port: string;
  readonly security: Security;
  readonly certificates: string;
  readonly sender: string;
  readonly signsIn: boolean;
  readonly userName: string;
  readonly password: string;
}

const usualPorts: Record<Security, string> = { tls: "465", starttls: "587", none: "25" };

function draftOf({ server }: MailServer): Draft {
  const { host = "", security = "starttls", sender = "" } = server ?? {};
  return {
    ...{ host, security, sender },
    port: String(server?.port ?? usualPorts[security]),
    certificates: server?.certificates ?? "",
    signsIn: server === null || server.userName !== null,
    userName: server?.userName ?? "",
    password: "",
  };
}

function bodyOf({ host, port, security, certificates, sender, signsIn, userName, password }: Draft) {
  return {
    ...{ host, port: Number(port), security, sender },
    certificates: certificates.trim() === "" ? null : certificates,
    userName: signsIn ? userName : null,
    ...(signsIn && password !== "" && { password }),
  };
}

interface MailServerDialogProps {
  readonly state: MailServer;
  readonly onClose: () => void;
}

export function MailServerDialog({ state, onClose }: MailServerDialogProps): ReactNode {
  const [draft, setDraft] = useState(() => draftOf(state));
  const edited = useEdited(state.revision);
  const save = useChange("installation", () =>
    call(mails.setMailServer, { body: bodyOf(draft), match: edited.match }),
  );
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  return (
    <FormDialog
      action="Save"
      change={save}
      edited={edited}
      isWide
      onClose={onClose}
      onSubmit={(close) => save.mutate(undefined, { onSuccess: close })}
      title="Mail server"
    >
      <Where draft={draft} set={set} />
      <TextInput
        autoComplete="off"
        label="Address that mails come from"
        onChange={({ currentTarget }) => set({ sender: currentTarget.value.trim() })}
        required
        type="email"
        value={draft.sender}
      />
      <SigningIn draft={draft} isNew={state.server?.userName !== draft.userName} set={set} />
      {state.waiting > 0 && <p className={styles.quiet}>What waits is sent at once.</p>}
    </FormDialog>
  );
}

interface PartProps {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
}

function Where({ draft, set }: PartProps): ReactNode {
  const { host, port, security, certificates } = draft;
  const isUsual = port === usualPorts[security];
  return (
    <>
      <div className={styles.pair}>
        <TextInput
          autoComplete="off"
          label="Host"
          onChange={({ currentTarget }) => set({ host: currentTarget.value.trim() })}
          placeholder="smtp.example.org"
          required
          spellCheck={false}
          value={host}
        />
        <TextInput
          label="Port"
          max={65_535}
          min={1}
          onChange={({ currentTarget }) => set({ port: currentTarget.value })}
          required
          type="number"
          value={port}
        />
      </div>
      <Alternatives
        choices={(["tls", "starttls", "none"] as const).map((value) => ({
          value,
          label: securityWords[value],
        }))}
        label="Encryption"
        onChange={(chosen) => set({ security: chosen, ...(isUsual && { port: usualPorts[chosen] }) })}
        value={security}
      />
      {security === "none" ? (
        <p className={styles.quiet}>Only for a server on this very machine: links in mails are secrets.</p>
      ) : (
        <label className={styles.area}>
          <span>Certificates to trust instead of those of the server’s system</span>
          <textarea
            onChange={({ currentTarget }) => set({ certificates: currentTarget.value })}
            placeholder="-----BEGIN CERTIFICATE-----"
            rows={2}
            spellCheck={false}
            value={certificates}
          />
        </label>
      )}
    </>
  );
}

function SigningIn({ draft, isNew, set }: PartProps & { readonly isNew: boolean }): ReactNode {
  const { signsIn, userName, password } = draft;
  return (
    <>
      <Checkbox
        checked={signsIn}
        label="The server asks for a name and a password"
        onChange={({ currentTarget }) => set({ signsIn: currentTarget.checked })}
      />
      {signsIn && (
        <div className={styles.equals}>
          <TextInput
            autoComplete="off"
            label="Name"
            onChange={({ currentTarget }) => set({ userName: currentTarget.value })}
            required
            spellCheck={false}
            value={userName}
          />
          <PasswordField
            autoComplete="new-password"
            description={isNew ? undefined : "Left empty, the saved one stays."}
            inputWrapperOrder={["label", "input", "description", "error"]}
            label="Password"
            onChange={({ currentTarget }) => set({ password: currentTarget.value })}
            required={isNew}
            value={password}
          />
        </div>
      )}
    </>
  );
}
