// Every earlier state of the team, and the way back to it.

import type { Team } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";

import type { TeamDetails } from "../api.ts";
import { teamCatalogue } from "../policies/catalogues.ts";
import { ChangeList } from "../policies/ChangeList.tsx";
import { settingChangesOf } from "../policies/draft.ts";
import { useRights } from "../sessions/rights.ts";
import { UndoIcon } from "../ui/icons.tsx";
import { Moment } from "../ui/Moment.tsx";
import { Section } from "../ui/Section.tsx";
import type { TeamChanges } from "./changes.ts";
import { areSame, GroupChanges } from "./GroupChanges.tsx";
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
  const choose = (revision: Revision) => {
    // What became of an earlier one is no longer of interest.
    changes.revert.reset();
    setChosen(revision);
  };
  const mayRevert = useRights()("edit-policies").allowed;
  const lastOwn = revisions.findIndex(({ own }) => own);
  const beforeLastOwn = lastOwn === -1 ? undefined : revisions[lastOwn + 1];
  return (
    <Section aside={isDirty && <span>Save or discard your changes to go back</span>} title="Revisions">
      <ol className={styles.revisions}>
        {revisions.map((revision, at) => (
          <li key={revision.revision}>
            <RevisionLine before={revisions[at + 1]} organisationId={organisationId} revision={revision} />
            {mayRevert && at === lastOwn && beforeLastOwn !== undefined && (
              <Button
                aria-label={`Undo revision ${revision.revision}`}
                disabled={isDirty}
                leftSection={<UndoIcon />}
                onClick={() => choose(beforeLastOwn)}
              >
                Undo
              </Button>
            )}
            {mayRevert && at > Math.max(lastOwn, 0) && (
              <Button
                aria-label={`Revert to this: revision ${revision.revision}`}
                disabled={isDirty}
                onClick={() => choose(revision)}
              >
                Revert to this
              </Button>
            )}
          </li>
        ))}
      </ol>
      {chosen && (
        <RevertDialog
          changes={changes}
          onClose={() => setChosen(null)}
          organisationId={organisationId}
          team={team}
          to={chosen}
        />
      )}
    </Section>
  );
}

interface RevisionLineProps {
  readonly organisationId: OrganisationId;
  readonly revision: Revision;
  readonly before: Revision | undefined;
}

function RevisionLine({ organisationId, revision, before }: RevisionLineProps): ReactNode {
  const changed = settingChangesOf(teamCatalogue, before?.policy ?? {}, revision.policy);
  const formerGroups = before?.groupIds ?? [];
  const isFirst = revision.revision === 1;
  const isKnown = before !== undefined || isFirst;
  const isQuiet = changed.length === 0 && areSame(formerGroups, revision.groupIds);
  return (
    <div className={styles.revision}>
      <p>
        <strong>Revision {revision.revision}</strong>{" "}
        <span className={styles.when}>
          <Moment at={revision.at} isAbsolute />
        </span>
      </p>
      {isQuiet || !isKnown ? (
        <p className={styles.cause}>{causeOf(revision, before)}</p>
      ) : (
        <>
          {changed.length > 0 && <ChangeList changes={changed} />}
          <GroupChanges after={revision.groupIds} before={formerGroups} organisationId={organisationId} />
        </>
      )}
    </div>
  );
}

/** Why there is a revision that changes nothing of the team's own. */
function causeOf({ own }: Revision, before: Revision | undefined): string {
  if (!own) return "What is inherited changed: a team above, or a key.";
  return before === undefined ? "The team was created." : "No own setting and no group changed.";
}
