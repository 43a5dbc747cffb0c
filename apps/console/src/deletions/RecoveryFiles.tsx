// The keys of what would be deleted, and the last chance to take them along in a sealed file.

import type { DeletionPreview } from "@lockstep/api";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { organisationsQuery } from "../api.ts";
import { RecoveryFileDialog } from "../keys/RecoveryFileDialog.tsx";
import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { countOf } from "../ui/format.ts";
import { Moment } from "../ui/Moment.tsx";
import { Section } from "../ui/Section.tsx";
import styles from "./deletions.module.css";

type Organisation = DeletionPreview["organisations"][number];

export function RecoveryFiles({ preview }: { readonly preview: DeletionPreview }): ReactNode {
  const withKeys = preview.organisations.filter(({ keys }) => keys > 0);
  return (
    <Section title="Recovery file">
      <p className={styles.about}>
        {withKeys.length === 0
          ? "There is no key in there, so there is nothing to take along."
          : "With its keys go its files: without a recovery file nobody ever reads them again. Only an organisation’s manager makes one, sealed to a passphrase or an age key."}
      </p>
      <ul className={styles.files}>
        {withKeys.map((organisation) => (
          <RecoveryFile key={organisation.id} organisation={organisation} />
        ))}
      </ul>
    </Section>
  );
}

function RecoveryFile({ organisation }: { readonly organisation: Organisation }): ReactNode {
  const { id, name, keys, keysExportedAt } = organisation;
  const { data } = useQuery(organisationsQuery());
  const [isMaking, setMaking] = useState(false);
  const { allowed, why } = useRights(data?.organisations.find((each) => each.id === id))("export-keys");
  return (
    <li>
      <div>
        <p className={styles.name}>{name}</p>
        <p className={styles.quiet} data-warns={keysExportedAt === null}>
          {countOf(keys, "key")} ·{" "}
          {keysExportedAt === null ? (
            "never written to a file"
          ) : (
            <>
              written to a file <Moment at={keysExportedAt} />
            </>
          )}
        </p>
      </div>
      <ActionButton
        label={`Make a recovery file: ${name}`}
        onClick={() => setMaking(true)}
        why={allowed ? null : why}
      >
        Make a recovery file
      </ActionButton>
      {isMaking && <RecoveryFileDialog onClose={() => setMaking(false)} organisation={{ id, name }} />}
    </li>
  );
}
