// Renaming a key, rotating it, and retiring a version of it.

import { keys, type Group, type Key } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { useEdited } from "../changes/edited.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { NameField } from "../ui/NameField.tsx";
import { Reach } from "./Reach.tsx";

interface KeyDialogProps {
  readonly organisationId: OrganisationId;
  readonly encryptionKey: Key;
  readonly onClose: () => void;
}

export function RenameKeyDialog({ organisationId, encryptionKey, onClose }: KeyDialogProps): ReactNode {
  const { id, name: saved, revision } = encryptionKey;
  const [name, setName] = useState<string>();
  const edited = useEdited(revision);
  const rename = useChange(organisationId, (given: string) =>
    call(keys.renameKey, {
      params: { organisationId, keyId: id },
      body: { name: given },
      match: edited.match,
    }),
  );
  return (
    <FormDialog
      action="Rename"
      change={rename}
      edited={edited}
      isReady={name !== undefined && name !== saved}
      onClose={onClose}
      onSubmit={(close) => rename.mutate(name ?? saved, { onSuccess: close })}
      title={`Rename the key ${saved}`}
    >
      <NameField onChange={setName} value={name ?? saved} />
      <p>Nobody’s status changes: what counts is the key, not its name.</p>
    </FormDialog>
  );
}

interface RotateKeyDialogProps extends KeyDialogProps {
  readonly groups: readonly Group[];
}

export function RotateKeyDialog(props: RotateKeyDialogProps): ReactNode {
  const { organisationId, encryptionKey, groups, onClose } = props;
  const { id, name, groupIds, versions, revision } = encryptionKey;
  const edited = useEdited(revision);
  const rotate = useChange(organisationId, () =>
    call(keys.rotateKey, { params: { organisationId, keyId: id }, match: edited.match }),
  );
  const next = Math.max(0, ...versions.map(({ version }) => version)) + 1;
  return (
    <FormDialog
      action="Rotate"
      change={rotate}
      edited={edited}
      onClose={onClose}
      onSubmit={(close) => rotate.mutate(undefined, { onSuccess: close })}
      title={`Rotate the key ${name}`}
    >
      <p>
        Version {next} encrypts new files from then on. Version {next - 1} keeps opening what it has
        encrypted. A rotation is not taken back.
      </p>
      <Reach
        groups={groups.filter((group) => groupIds.includes(group.id))}
        organisationId={organisationId}
        what="the key"
      />
    </FormDialog>
  );
}

interface VersionUseDialogProps extends KeyDialogProps {
  readonly version: Key["versions"][number];
}

export function VersionUseDialog(props: VersionUseDialogProps): ReactNode {
  const { organisationId, encryptionKey, version, onClose } = props;
  const { id, name, revision } = encryptionKey;
  const edited = useEdited(revision);
  const [isRetired] = useState(version.use === "retired");
  const turn = useChange(organisationId, () =>
    call(keys.setKeyVersionUse, {
      params: { organisationId, keyId: id, version: version.version },
      body: { use: isRetired ? "decrypt-only" : "retired" },
      match: edited.match,
    }),
  );
  const title = `${isRetired ? "Take back" : "Retire"} version ${version.version} of ${name}`;
  return (
    <FormDialog
      action={isRetired ? "Take it back" : "Retire it"}
      change={turn}
      edited={edited}
      isGrave={!isRetired}
      onClose={onClose}
      onSubmit={(close) => turn.mutate(undefined, { onSuccess: close })}
      title={title}
    >
      <p>
        {isRetired
          ? "Workstations get it again, and open the files that it has encrypted."
          : "No workstation holds it any more, so files that it has encrypted and no other version are opened by nobody."}
      </p>
      <p>Whoever holds the key and is active on a workstation is red until a Key-File is posted.</p>
    </FormDialog>
  );
}
