// A code that was just issued, this once: to read, to copy, to point a camera at, and what to do with it.

import type { activations, ActivationCode } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { z } from "zod";

import { codesQuery } from "../api.ts";
import { CopyField } from "../ui/CopyField.tsx";
import { wordsOfMoment } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { QrCode } from "../ui/QrCode.tsx";
import ui from "../ui/ui.module.css";
import styles from "./activations.module.css";

interface IssuedCodeProps {
  readonly organisationId: OrganisationId;
  readonly user: { readonly id: UserId; readonly name: string };
  readonly issued: z.output<typeof activations.issueActivationCode.reply>;
  readonly close: () => void;
}

export function IssuedCode({ organisationId, user, issued, close }: IssuedCodeProps): ReactNode {
  const { code, link, relays, expiresAt, hasTakenSeat } = issued;
  const { data } = useQuery(codesQuery(organisationId, user.id));
  // What is known of a code does not include the code; no two of a user end at the same moment.
  const known = data?.codes.find((each) => each.expiresAt === expiresAt);
  return (
    <>
      <p>
        Copy it now: it is shown this once. Whoever has it activates as {user.name}, until{" "}
        {wordsOfMoment(expiresAt)}.{hasTakenSeat && " A licence seat was taken for it."}
      </p>
      <div className={styles.issued}>
        <div className={styles.ways}>
          <CopyField isLarge label="Activation code" text={code} />
          <CopyField label="Activation link" text={link} />
          <ol className={styles.steps}>
            <li>Hand code or link over in a way that nobody else reads.</li>
            <li>
              On the workstation: open the link, or run{" "}
              <code>
                lockstep-client activate CODE
                {relays.map((relay) => ` --relay ${relay}`)}
              </code>
            </li>
            <li>The server lets the workstation in by itself, and {user.name} is green.</li>
          </ol>
        </div>
        <QrCode label="The activation link to point a camera at" text={link} />
      </div>
      <div aria-live="polite">
        <HowFar code={known} />
      </div>
      <div className={ui.buttons}>
        <Button onClick={close} size="sm" variant="filled">
          Done
        </Button>
      </div>
    </>
  );
}

function HowFar({ code }: { readonly code: ActivationCode | undefined }): ReactNode {
  if (code?.state === "used") {
    return <Note isLine title={`It was used on ${code.workstation ?? "a workstation"}.`} tone="good" />;
  }
  if (code?.state === "voided") return <Note isLine title="It was voided." tone="bad" />;
  return code?.isOffered === true ? (
    <Note isLine title="The relay has it: it can be used." tone="good" />
  ) : (
    <Note isLine title="The relay does not have it yet.">
      It can be used after the next Proxy Sync, which the server does by itself.
    </Note>
  );
}
