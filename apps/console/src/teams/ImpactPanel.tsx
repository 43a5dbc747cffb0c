// What the draft would do, before it is saved; then saving it, and taking that back.

import type { Team } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button, Skeleton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { impactQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { ImpactTable } from "../standing/ImpactTable.tsx";
import { countOf } from "../ui/format.ts";
import { Section } from "../ui/Section.tsx";
import type { TeamChanges } from "./changes.ts";
import { ChangeNotes } from "./ChangeNotes.tsx";
import type { EditedPolicy } from "./use-draft.ts";
import styles from "./teams.module.css";

const restMilliseconds = 200;

interface ImpactPanelProps {
  readonly organisationId: OrganisationId;
  readonly team: Team;
  readonly draft: EditedPolicy;
  readonly changes: TeamChanges;
}

export function ImpactPanel({ organisationId, team, draft, changes }: ImpactPanelProps): ReactNode {
  const isDirty = draft.changes.length > 0;
  const [policy] = useDebouncedValue(draft.policy, restMilliseconds);
  const proposal = { kind: "team-policy", teamId: team.id, policy } as const;
  const isAsked = isDirty && draft.isAllowed && policy === draft.policy;
  const impact = useQuery({ ...impactQuery(organisationId, proposal), enabled: isAsked });
  const isKnown = isAsked && impact.isSuccess && !impact.isPlaceholderData;
  return (
    <div className={styles.panel} data-dirty={isDirty}>
      <Section aside={isDirty && <span>{countOf(draft.changes.length, "change")}</span>} title="Impact">
        <div className={styles.impact}>
          <ChangeNotes changes={changes} draft={draft} team={team} />
          {!isDirty && (
            <p className={styles.calm}>
              Change a setting to see whose status it would change, before you save it.
            </p>
          )}
          {isDirty && !draft.isAllowed && <p className={styles.calm}>A value is out of its bounds.</p>}
          {isDirty && draft.isAllowed && (
            <div aria-busy={!isKnown} aria-live="polite" className={styles.preview}>
              <Loaded query={impact} skeleton={<Skeleton height={120} />}>
                {(reply) => <ImpactTable impact={reply} />}
              </Loaded>
            </div>
          )}
          {isDirty && <Buttons canSave={isKnown} changes={changes} draft={draft} />}
        </div>
      </Section>
    </div>
  );
}

interface ButtonsProps {
  readonly draft: EditedPolicy;
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
