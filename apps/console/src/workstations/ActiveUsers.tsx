// Who is active on a workstation, with which Key-File, and what can be told to it for each of them.

import type { WorkstationDetail } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { Moment } from "../ui/Moment.tsx";
import { Section } from "../ui/Section.tsx";
import ui from "../ui/ui.module.css";
import { CommandDialog } from "../updates/CommandDialog.tsx";
import styles from "./machines.module.css";

interface ActiveUsersProps {
  readonly organisationId: OrganisationId;
  readonly workstation: WorkstationDetail;
}

type Activation = WorkstationDetail["activations"][number];

export function ActiveUsers({ organisationId, workstation }: ActiveUsersProps): ReactNode {
  const { activations } = workstation;
  const [commanded, setCommanded] = useState<Activation["user"] | null>(null);
  const mayPost = useRights()("post-updates").allowed;
  return (
    <Section aside={activations.length > 0 && <span>{activations.length}</span>} title="Active users">
      {activations.length === 0 && <p className={styles.calm}>Nobody is active on it.</p>}
      <ul className={styles.users}>
        {activations.map((activation) => (
          <li key={activation.id}>
            <div>
              <Link
                className={ui.link}
                params={{ organisationId, userId: activation.user.id }}
                to="/organisations/$organisationId/users/$userId"
              >
                {activation.user.name}
              </Link>
              <p className={styles.quiet}>
                <WhatIsKnown activation={activation} />
              </p>
            </div>
            {mayPost && (
              <ActionButton
                label={`Command for ${activation.user.name}`}
                onClick={() => setCommanded(activation.user)}
              >
                Command
              </ActionButton>
            )}
          </li>
        ))}
      </ul>
      {commanded && (
        <CommandDialog
          onClose={() => setCommanded(null)}
          organisationId={organisationId}
          user={commanded}
          workstationId={workstation.id}
          workstations={[workstation]}
        />
      )}
    </Section>
  );
}

const keystoreWords = new Map([
  ["tpm", "keys in the machine’s security chip"],
  ["os", "keys in the system’s keyring"],
  ["file", "keys in a file"],
]);

function WhatIsKnown({ activation }: { readonly activation: Activation }): ReactNode {
  const { version, lastReportAt, openedAt, keystore, client } = activation;
  return (
    <>
      {version === 0 ? "no Key-File yet" : `Key-File version ${version}`}
      {" · "}
      {lastReportAt === null ? (
        "never reported"
      ) : (
        <>
          reported <Moment at={lastReportAt} />
        </>
      )}
      {openedAt !== null && (
        <>
          {" · opened "}
          <Moment at={openedAt} />
        </>
      )}
      {keystore !== null && ` · ${keystoreWords.get(keystore) ?? keystore}`}
      {client !== null && ` · ${client}`}
    </>
  );
}
