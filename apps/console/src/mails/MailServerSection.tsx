// The server that takes mails: which it is, whether mails get through, changing it, and a mail to try it.

import { mails, type MailServer } from "@lockstep/api";
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { Refused } from "../changes/Refused.tsx";
import { useInstallationRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { Fact } from "../ui/Fact.tsx";
import { countOf, wordsOfNumber } from "../ui/format.ts";
import { Form } from "../ui/Form.tsx";
import { Note } from "../ui/Note.tsx";
import { Section } from "../ui/Section.tsx";
import { MailServerDialog } from "./MailServerDialog.tsx";
import { securityWords } from "./words.ts";
import styles from "./mails.module.css";

interface SectionProps {
  readonly state: MailServer;
}

export function MailServerSection({ state }: SectionProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const right = useInstallationRights()("edit-mail-server");
  const { server, waiting, failed } = state;
  return (
    <Section
      aside={
        <ActionButton onClick={() => setOpen(true)} why={right.allowed ? null : right.why}>
          {server === null ? "Set it up" : "Change"}
        </ActionButton>
      }
      title="Mail server"
    >
      {server === null ? (
        <div className={styles.inset}>
          <Note isLine title="There is no mail server yet." tone={waiting > 0 ? "bad" : "quiet"}>
            {waiting > 0
              ? `${countOf(waiting, "mail waits", "mails wait")}. A system administrator can open them and hand them over.`
              : "Mails wait until there is one."}
          </Note>
        </div>
      ) : (
        <>
          <dl className={styles.facts}>
            <Fact name="Server">
              {server.host}, port {server.port}
            </Fact>
            <Fact name="Encryption">{securityWords[server.security]}</Fact>
            <Fact name="Signs in">{server.userName === null ? "no" : `as ${server.userName}`}</Fact>
            <Fact name="Sender">{server.sender}</Fact>
            <Fact name="Waiting">{wordsOfNumber(waiting)}</Fact>
            <Fact name="Given up">{wordsOfNumber(failed)} in thirty days</Fact>
          </dl>
          <TryIt mayTry={right.allowed} />
        </>
      )}
      {isOpen && <MailServerDialog onClose={() => setOpen(false)} state={state} />}
    </Section>
  );
}

function TryIt({ mayTry }: { readonly mayTry: boolean }): ReactNode {
  const [to, setTo] = useState("");
  const send = useMutation({
    mutationFn: (address: string) => call(mails.testMailServer, { body: { to: address } }),
  });
  if (!mayTry) return null;
  return (
    <div className={styles.try}>
      <Form label="Try it" onSubmit={() => send.mutate(to)}>
        <TextInput
          autoComplete="off"
          label="Send a mail to try it"
          onChange={({ currentTarget }) => {
            setTo(currentTarget.value.trim());
            send.reset();
          }}
          placeholder="An address of yours"
          required
          rightSection={
            <Button loading={send.isPending} type="submit">
              Send
            </Button>
          }
          rightSectionWidth={70}
          type="email"
          value={to}
        />
        {send.isSuccess && (
          <Note isLine title="The mail server took it." tone="good">
            Look whether it arrives.
          </Note>
        )}
        <Refused error={send.error} />
      </Form>
    </div>
  );
}
