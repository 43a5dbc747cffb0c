// Every earlier state of the team, and the way back to it.

import type { Team } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";

import type { TeamDetails } from "../api.ts";
import { UndoIcon } from "../ui/icons.tsx";
import { Moment } from "../ui/Moment.tsx";
import { Section } from "../ui/Section.tsx";
import type { TeamChanges } from "./changes.ts";
import { ChangeList } from "./ChangeList.tsx";
import { settingChangesOf } from "./draft.ts";
import { RevertDialog } from "./RevertDialog.tsx";
import styles from "./teams.module.css";

type Revision = TeamDetails["revisions"][number];

interface RevisionsProps {
  readonly organisationId: OrganisationId;
  readonly team: Team;
  readonly revisions: readonly Revision[];
  readonly changes: TeamChanges;
  /** What is not saved would be lost from sight by going back. */
  readonly isDirty: boolean;
}

export function Revisions({ organisationId, team, revisions, changes, isDirty }: RevisionsProps): ReactNode {
  const [chosen, setChosen] = useState<Revision | null>(null);
  const lastOwn = revisions.findIndex(({ own }) => own);
  const beforeLastOwn = lastOwn === -1 ? undefined : revisions[lastOwn + 1];
  return (
    <Section aside={isDirty && <span>Save or discard your changes to go back</span>} title="Revisions">
      <ol className={styles.revisions}>
        {revisions.map((revision, at) => (
          <li key={revision.revision}>
            <RevisionLine before={revisions[at + 1]} revision={revision} />
            {at === lastOwn && beforeLastOwn !== undefined && (
              <Button
                aria-label={`Undo revision ${revision.revision}`}
                disabled={isDirty}
                leftSection={<UndoIcon />}
                onClick={() => setChosen(beforeLastOwn)}
              >
                Undo
              </Button>
            )}
            {at > Math.max(lastOwn, 0) && (
              <Button
                aria-label={`Revert to this: revision ${revision.revision}`}
                disabled={isDirty}
                onClick={() => setChosen(revision)}
              >
                Revert to this
              </Button>
            )}
          </li>
        ))}
      </ol>
      <RevertDialog
        changes={changes}
        onClose={() => setChosen(null)}
        organisationId={organisationId}
        team={team}
        to={chosen}
      />
    </Section>
  );
}

interface RevisionLineProps {
  readonly revision: Revision;
  readonly before: Revision | undefined;
}

function RevisionLine({ revision, before }: RevisionLineProps): ReactNode {
  const changed = settingChangesOf(before?.policy ?? {}, revision.policy);
  const isFirst = revision.revision === 1;
  const cause = revision.own
    ? isFirst
      ? "The team was created."
      : "No own setting changed."
    : "What is inherited changed: a team above, or a key.";
  return (
    <div className={styles.revision}>
      <p>
        <strong>Revision {revision.revision}</strong>
        <span className={styles.when}>
          <Moment at={revision.at} isAbsolute />
        </span>
      </p>
      {changed.length > 0 && (before !== undefined || isFirst) ? (
        <ChangeList changes={changed} />
      ) : (
        <p className={styles.cause}>{cause}</p>
      )}
    </div>
  );
}
