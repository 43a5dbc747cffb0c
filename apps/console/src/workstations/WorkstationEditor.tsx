// Editing what a workstation team sets itself: a draft over what is saved, and then saving it.

import { workstationTeams, type WorkstationTeam } from "@lockstep/api";
import {
  effectiveWorkstationPolicyOf,
  type OrganisationId,
  type WorkstationPolicy,
  type WorkstationSetting,
} from "@lockstep/core";
import { Button } from "@mantine/core";
import { Link, useBlocker } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";

import { call, isOvertaken } from "../api.ts";
import { useChange, type Change } from "../changes/change.ts";
import { Overtaken } from "../changes/Overtaken.tsx";
import { Refused } from "../changes/Refused.tsx";
import { workstationCatalogue } from "../policies/catalogues.ts";
import { ChangeList } from "../policies/ChangeList.tsx";
import { SettingList } from "../policies/SettingList.tsx";
import { useDraft, type EditedPolicy } from "../policies/use-draft.ts";
import { useRights } from "../sessions/rights.ts";
import { pathOf } from "../teams/tree.ts";
import { Note } from "../ui/Note.tsx";
import { Section } from "../ui/Section.tsx";
import ui from "../ui/ui.module.css";
import styles from "./workstations.module.css";

interface WorkstationEditorProps {
  readonly organisationId: OrganisationId;
  readonly team: WorkstationTeam;
  readonly all: readonly WorkstationTeam[];
}

export function WorkstationEditor({ organisationId, team, all }: WorkstationEditorProps): ReactNode {
  const draft = useDraft(workstationCatalogue, team);
  const mayEdit = useRights()("edit-policies").allowed;
  const inherited = useMemo(() => {
    const above = pathOf(all, team.id).slice(0, -1);
    return effectiveWorkstationPolicyOf(above.map((origin) => ({ origin, policy: origin.policy })));
  }, [all, team.id]);
  const save = useChange(organisationId, (policy: WorkstationPolicy) =>
    call(workstationTeams.setWorkstationPolicy, {
      params: { organisationId, workstationTeamId: team.id },
      body: { policy },
      match: draft.revision,
    }),
  );
  const isDirty = draft.changes.length > 0;
  useBlocker({
    shouldBlockFn: () => isDirty && !window.confirm("Leave without saving the changes to the policy?"),
    enableBeforeUnload: isDirty,
  });
  return (
    <Section aside={<span>Revision {team.revision}</span>} title={team.name}>
      <SettingList
        catalogue={workstationCatalogue}
        draft={draft}
        effective={team.effective}
        inherited={(code) => {
          const { value, origin } = inherited[code];
          return { value, origin: origin && <TeamName organisationId={organisationId} team={origin} /> };
        }}
        isFixed={!mayEdit}
        isRoot={team.parentId === null}
        saved={team.policy}
      />
      {mayEdit && <Saving draft={draft} save={save} team={team} />}
    </Section>
  );
}

interface TeamNameProps {
  readonly organisationId: OrganisationId;
  readonly team: WorkstationTeam;
}

function TeamName({ organisationId, team: { id, name } }: TeamNameProps): ReactNode {
  return (
    <Link
      className={ui.link}
      params={{ organisationId }}
      search={{ team: id }}
      to="/organisations/$organisationId/workstation-teams"
    >
      {name}
    </Link>
  );
}

interface SavingProps {
  readonly team: WorkstationTeam;
  readonly draft: EditedPolicy<WorkstationSetting>;
  readonly save: Change<WorkstationPolicy, WorkstationTeam>;
}

function Saving({ team, draft, save }: SavingProps): ReactNode {
  const { changes, policy, revision, isAllowed, discard, rebase } = draft;
  const isOld = revision !== team.revision;
  const edited = { match: revision, isOvertaken: isOld, goOn: () => rebase(team.revision) };
  if (changes.length === 0) {
    const isJustSaved = save.isSuccess && save.data.revision === team.revision;
    return isJustSaved ? (
      <div className={styles.saving}>
        <Note isLine title={`Saved as revision ${team.revision}.`} tone="good">
          A workstation requires a policy update until it is posted there, on its own page.
        </Note>
      </div>
    ) : null;
  }
  return (
    <div className={styles.saving}>
      <ChangeList changes={changes} />
      {!isAllowed && <p>A value is out of its bounds.</p>}
      <Overtaken change={save} edited={edited} />
      <Refused error={save.error} />
      <div className={ui.buttons}>
        <Button
          disabled={!isAllowed || isOld || isOvertaken(save.error)}
          loading={save.isPending}
          onClick={() => save.mutate(policy, { onSuccess: discard })}
          size="sm"
          variant="filled"
        >
          Save
        </Button>
        <Button
          onClick={() => {
            save.reset();
            discard();
          }}
          size="sm"
        >
          Discard
        </Button>
      </div>
    </div>
  );
}
