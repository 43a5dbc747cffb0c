// What can be done about users whose directory account is gone, one or many at once.

import { directoryEntries } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { useRights } from "../sessions/rights.ts";
import { countOf } from "../ui/format.ts";

interface OrphanButtonsProps {
  readonly organisationId: OrganisationId;
  readonly userIds: readonly UserId[];
  readonly onDone?: () => void;
}

export function OrphanButtons(props: OrphanButtonsProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const may = useRights();
  return (
    <>
      <UnlinkButton {...props} />
      {may("remove-people").allowed && <Button onClick={() => setOpen(true)}>Remove</Button>}
      {isOpen && <RemoveDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

/** For one who stays. */
export function UnlinkButton(props: OrphanButtonsProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  if (!useRights()("edit-directory").allowed) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Unlink from the directory</Button>
      {isOpen && <UnlinkDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

interface OrphanDialogProps extends OrphanButtonsProps {
  readonly onClose: () => void;
}

function UnlinkDialog({ organisationId, userIds, onDone, onClose }: OrphanDialogProps): ReactNode {
  const unlink = useChange(organisationId, () =>
    call(directoryEntries.unlinkUsers, { params: { organisationId }, body: { userIds: [...userIds] } }),
  );
  return (
    <FormDialog
      action="Unlink"
      change={unlink}
      onClose={onClose}
      onSubmit={(close) =>
        unlink.mutate(undefined, {
          onSuccess: () => {
            close();
            onDone?.();
          },
        })
      }
      title={`Unlink ${countOf(userIds.length, "user")} from the directory`}
    >
      <p>
        They keep their seats, keys and workstations, and show what the other facts give. The directory no
        longer leads them, also if the account comes back: it is ignored there until somebody says otherwise.
      </p>
    </FormDialog>
  );
}

function RemoveDialog({ organisationId, userIds, onDone, onClose }: OrphanDialogProps): ReactNode {
  const remove = useChange(organisationId, () =>
    call(directoryEntries.removeOrphans, { params: { organisationId }, body: { userIds: [...userIds] } }),
  );
  return (
    <FormDialog
      action="Remove"
      change={remove}
      isGrave
      onClose={onClose}
      onSubmit={(close) =>
        remove.mutate(undefined, {
          onSuccess: () => {
            close();
            onDone?.();
          },
        })
      }
      title={`Remove ${countOf(userIds.length, "user")}`}
    >
      <p>
        Their seats go back to their pools, and their workstations are posted a wipe. Who has an account keeps
        it and shows as “No licence”. Should a directory account come back, so does its user, without a
        licence.
      </p>
    </FormDialog>
  );
}
