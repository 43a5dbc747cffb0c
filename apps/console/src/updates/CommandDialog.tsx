// Telling a user's workstations, or one of them, to do something at once.

import { updates, workstations as contract } from "@lockstep/api";
import type { OrganisationId, UserId, WorkstationId } from "@lockstep/core";
import { NativeSelect } from "@mantine/core";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange, useIdempotencyKey } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { Options, type Option } from "../ui/Options.tsx";
import ui from "../ui/ui.module.css";

type CommandKind = (typeof updates.commandKinds)[number] | "workstation-policy";

const commands: readonly Option<CommandKind>[] = [
  {
    value: "lock",
    name: "Lock",
    about: "The Key-File cannot be opened there until it is unlocked. Nothing is removed.",
  },
  { value: "unlock", name: "Unlock", about: "The Key-File can be opened there again." },
  {
    value: "force-password-change",
    name: "Force a password change",
    about: "The user chooses another password before the Key-File opens again.",
  },
  {
    value: "workstation-policy",
    name: "Send the workstation policy",
    about: "What should hold there by its workstation team, for everybody who is active on it.",
  },
  {
    value: "deactivate",
    name: "Deactivate",
    about: "Key-File and keys are wiped there. Only a new activation code brings them back.",
  },
];

interface CommandDialogProps {
  readonly organisationId: OrganisationId;
  readonly user: { readonly id: UserId; readonly name: string };
  readonly workstations: readonly { readonly id: WorkstationId; readonly name: string }[];
  /** Chosen to begin with; all of them if left out. */
  readonly workstationId?: WorkstationId | undefined;
  readonly kind?: CommandKind | undefined;
  readonly onClose: () => void;
}

export function CommandDialog(props: CommandDialogProps): ReactNode {
  const { organisationId, user, workstations, workstationId, kind: wanted = "lock", onClose } = props;
  const [kind, setKind] = useState(wanted);
  const [chosen, setChosen] = useState(workstationId);
  const those = workstations.filter(({ id }) => chosen === undefined || id === chosen);
  const post = useCommand(organisationId, user.id);
  return (
    <FormDialog
      action={kind === "deactivate" ? "Deactivate" : "Post the command"}
      change={post}
      isGrave={kind === "deactivate"}
      onClose={onClose}
      onSubmit={(close) =>
        post.mutate({ kind, workstationId: chosen, all: those.map(({ id }) => id) }, { onSuccess: close })
      }
      title={`Command for ${user.name}`}
    >
      {workstations.length === 1 && <p>To {workstations[0]?.name}.</p>}
      {workstations.length > 1 && (
        <NativeSelect
          data={[
            { value: "", label: `All ${workstations.length} workstations` },
            ...workstations.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          label="To"
          onChange={({ currentTarget: { value } }) =>
            setChosen(workstations.find(({ id }) => id === value)?.id)
          }
          value={chosen ?? ""}
        />
      )}
      <Options legend="Command" onChange={setKind} options={commands} value={kind} />
      <p className={ui.quiet}>
        {kind === "workstation-policy"
          ? "The user’s colour does not change by it."
          : "The user is orange until the workstation has reported that it is done."}
      </p>
    </FormDialog>
  );
}

interface Order {
  readonly kind: CommandKind;
  /** All of them if left out. */
  readonly workstationId: WorkstationId | undefined;
  readonly all: readonly WorkstationId[];
}

function useCommand(organisationId: OrganisationId, userId: UserId) {
  const idempotencyKey = useIdempotencyKey();
  return useChange(organisationId, async ({ kind, workstationId, all }: Order) => {
    if (kind === "workstation-policy") {
      for (const id of all) {
        await call(contract.postWorkstationPolicy, { params: { organisationId, workstationId: id } });
      }
      return;
    }
    await call(updates.postCommand, {
      params: { organisationId, userId },
      body: { kind, ...(workstationId && { workstationId }) },
      idempotencyKey,
    });
  });
}
