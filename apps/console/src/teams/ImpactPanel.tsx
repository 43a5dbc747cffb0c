// What the draft would do, before it is saved; then saving it, and taking that back.

import type { Team } from "@lockstep/api";
import type { OrganisationId, PolicySetting } from "@lockstep/core";
import { Button } from "@mantine/core";
import type { ReactNode } from "react";

import type { EditedPolicy } from "../policies/use-draft.ts";
import { Preview } from "../standing/Preview.tsx";
import { usePreview } from "../standing/preview.ts";
import { countOf } from "../ui/format.ts";
import { Section } from "../ui/Section.tsx";
import type { TeamChanges } from "./changes.ts";
import { ChangeNotes } from "./ChangeNotes.tsx";
import styles from "./teams.module.css";

interface ImpactPanelProps {
  readonly organisationId: OrganisationId;
  readonly team: Team;
  readonly draft: EditedPolicy<PolicySetting>;
  readonly changes: TeamChanges;
}

export function ImpactPanel({ organisationId, team, draft, changes }: ImpactPanelProps): ReactNode {
  const isDirty = draft.changes.length > 0;
  const preview = usePreview(
    organisationId,
    isDirty && draft.isAllowed ? { kind: "team-policy", teamId: team.id, policy: draft.policy } : null,
  );
  return (
    <div className={styles.panel} data-dirty={isDirty}>
      <Section aside={isDirty && <span>{countOf(draft.changes.length, "change")}</span>} title="Impact">
        <div className={styles.impact}>
          <ChangeNotes changes={changes} draft={draft} team={team} />
          {isDirty && !draft.isAllowed ? (
            <p className={styles.calm}>A value is out of its bounds.</p>
          ) : (
            <Preview preview={preview}>
              Change a setting to see whose status it would change, before you save it.
            </Preview>
          )}
          {isDirty && <Buttons canSave={preview.isKnown} changes={changes} draft={draft} />}
        </div>
      </Section>
    </div>
  );
}

interface ButtonsProps {
  readonly draft: EditedPolicy<PolicySetting>;
  readonly changes: TeamChanges;
  /** Nothing is saved before its impact was on the screen. */
  readonly canSave: boolean;
}

function Buttons({ draft, changes: { save, revert }, canSave }: ButtonsProps): ReactNode {
  const { policy, revision, discard } = draft;
  const submit = () => {
    revert.reset();
    save.mutate({ policy, revision }, { onSuccess: discard });
  };
  return (
    <div className={styles.buttons}>
      <Button disabled={!canSave} loading={save.isPending} onClick={submit} size="sm" variant="filled">
        Save
      </Button>
      <Button
        disabled={save.isPending}
        onClick={() => {
          save.reset();
          discard();
        }}
        size="sm"
      >
        Discard
      </Button>
    </div>
  );
}
