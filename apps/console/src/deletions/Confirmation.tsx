// The exact name is typed and the own password given: then it is deleted, at once.

import { deletions, type DeletionPreview } from "@lockstep/api";
import { TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { ChangeForm } from "../changes/ChangeForm.tsx";
import { useEdited } from "../changes/edited.ts";
import { besidesPassword, OwnPasswordField, useOwnPassword } from "../sessions/OwnPassword.tsx";
import { countOf } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { deletionsQuery, type Whole } from "./queries.ts";

interface ConfirmationProps {
  readonly whole: Whole;
  readonly preview: DeletionPreview;
}

/** @param match of the preview that was looked at. */
function deleteWhole(
  whole: Whole,
  { match, ...body }: { name: string; password: string | null; match: number },
): Promise<unknown> {
  return whole.kind === "organisation"
    ? call(deletions.deleteOrganisation, { params: { organisationId: whole.id }, body, match })
    : call(deletions.deleteAuthority, { params: { authorityId: whole.id }, body, match });
}

function useDeletion(whole: Whole) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useChange(whole.id, async (given: { name: string; password: string | null; match: number }) => {
    await deleteWhole(whole, given);
    await navigate({ to: "/installation", search: {} });
    // What is no more is not asked for again.
    queries.removeQueries({ queryKey: [whole.id] });
    const stale = [["organisations"], ["installation"], ["session"], deletionsQuery().queryKey];
    for (const queryKey of stale) void queries.invalidateQueries({ queryKey });
  });
}

export function Confirmation({ whole, preview }: ConfirmationProps): ReactNode {
  const { name, people, lastElsewhere, revision } = preview;
  const lost = preview.organisations.filter(
    ({ keys, keysExportedAt }) => keys > 0 && keysExportedAt === null,
  );
  const [typed, setTyped] = useState("");
  const own = useOwnPassword();
  const edited = useEdited(revision);
  const navigate = useNavigate();
  const remove = useDeletion(whole);
  return (
    <ChangeForm
      action={`Delete the ${whole.kind} for ever`}
      change={besidesPassword(remove)}
      close={() => void navigate({ to: "/installation", search: {} })}
      edited={edited}
      isGrave
      isReady={typed === name && lastElsewhere.length === 0}
      onSubmit={() => remove.mutate({ name: typed, password: own.given, match: edited.match })}
    >
      <p>
        {people === 0 ? "Nobody is" : `${countOf(people, "person", "people")} ${people === 1 ? "is" : "are"}`}{" "}
        erased by it. This cannot be taken back.
      </p>
      {lost.length > 0 && (
        <Note isLine title="No recovery file was ever made." tone="bad">
          The files of {lost.map((each) => each.name).join(", ")} are lost for good.
        </Note>
      )}
      <TextInput
        autoComplete="off"
        description={`Exactly as it is written: ${name}`}
        label={`Type the name of the ${whole.kind}`}
        maxLength={200}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        required
        spellCheck={false}
        value={typed}
      />
      <OwnPasswordField error={remove.error} own={own} />
    </ChangeForm>
  );
}
