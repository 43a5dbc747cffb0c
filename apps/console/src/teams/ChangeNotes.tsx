// What became of the last change: saved, taken back, refused, or overtaken by somebody else's.

import type { Team } from "@lockstep/api";
import type { PolicySetting } from "@lockstep/core";
import { Button } from "@mantine/core";
import type { ReactNode } from "react";

import { isOvertaken } from "../api.ts";
import { Refused } from "../changes/Refused.tsx";
import type { EditedPolicy } from "../policies/use-draft.ts";
import { UndoIcon } from "../ui/icons.tsx";
import { Note } from "../ui/Note.tsx";
import type { TeamChanges } from "./changes.ts";

interface ChangeNotesProps {
  readonly team: Team;
  readonly draft: EditedPolicy<PolicySetting>;
  readonly changes: TeamChanges;
}

export function ChangeNotes({ team, draft, changes }: ChangeNotesProps): ReactNode {
  const { save, revert, reload } = changes;
  const isDirty = draft.changes.length > 0;
  const goOn = async () => {
    const revision = await reload();
    save.reset();
    draft.rebase(revision);
  };
  if (isOvertaken(save.error) || (isDirty && draft.revision !== team.revision)) {
    return (
      <Note
        action={<Button onClick={() => void goOn()}>Load it again</Button>}
        isLine
        title="Somebody changed the team meanwhile."
        tone="bad"
      >
        Your changes are kept, on top of theirs. Look at them again before you save.
      </Note>
    );
  }
  const error = save.error ?? revert.error;
  if (error !== null) return <Refused error={error} />;
  return isDirty ? null : <Done changes={changes} team={team} />;
}

function Done({ team, changes: { save, revert } }: Omit<ChangeNotesProps, "draft">): ReactNode {
  if (revert.isSuccess && revert.data.revision === team.revision) {
    return <Note isLine title={`As in revision ${revert.variables.to} again.`} tone="good" />;
  }
  if (!save.isSuccess || save.data.revision !== team.revision) return null;
  const { revision } = save.variables;
  const undo = (
    <Button
      leftSection={<UndoIcon />}
      loading={revert.isPending}
      onClick={() => revert.mutate({ to: revision, revision: team.revision })}
    >
      Undo
    </Button>
  );
  return <Note action={undo} isLine title={`Saved as revision ${team.revision}.`} tone="good" />;
}
