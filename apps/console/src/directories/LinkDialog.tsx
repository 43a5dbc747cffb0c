// Saying that somebody in a directory is a user who is here already. It is never guessed by a name or a mail address.

import { directoryEntries, type DirectoryEntry, type UserRow } from "@lockstep/api";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange, useIdempotencyKey } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { PeopleSearch } from "../users/PeopleSearch.tsx";
import type { Place } from "./queries.ts";

interface LinkDialogProps {
  readonly place: Place;
  readonly entry: DirectoryEntry;
  readonly onClose: () => void;
}

export function LinkDialog({ place, entry, onClose }: LinkDialogProps): ReactNode {
  const [user, setUser] = useState<UserRow>();
  const idempotencyKey = useIdempotencyKey();
  const link = useChange(place.organisationId, (userId: UserRow["id"]) =>
    call(directoryEntries.linkEntry, {
      params: { ...place, objectId: entry.objectId },
      body: { userId },
      idempotencyKey,
    }),
  );
  return (
    <FormDialog
      action="Link"
      change={link}
      isReady={user !== undefined}
      onClose={onClose}
      onSubmit={(close) => user && link.mutate(user.id, { onSuccess: close })}
      title={`${entry.name} is …`}
    >
      <p>
        {entry.name} ({entry.username ?? "no username"}) in the directory is the same person as this user.
        From then on the directory says what the user is called.
      </p>
      <PeopleSearch
        chosen={user === undefined ? [] : [user]}
        // One of them: whoever was chosen last.
        onChoose={(users) => setUser(users.at(-1))}
        organisationId={place.organisationId}
      />
    </FormDialog>
  );
}
