// Confirming that the key files were copied, and whatever makes a new version of the root.

import { roots, type Root } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Checkbox } from "@mantine/core";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { useEdited } from "../changes/edited.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { Note } from "../ui/Note.tsx";
import styles from "./roots.module.css";

interface ExportDialogProps {
  readonly organisationId: OrganisationId;
  readonly onClose: () => void;
}

const files = [
  { name: "key-encryption-key.json", about: "Opens every key in the database." },
  { name: "root-key.json", about: "Signs which keys workstations obey." },
];

/** The files are on the server's disk and no page can fetch them: whoever runs the server copies them. */
export function ExportDialog({ organisationId, onClose }: ExportDialogProps): ReactNode {
  const [copied, setCopied] = useState<readonly string[]>([]);
  const confirm = useChange(organisationId, () => call(roots.confirmExport, { params: { organisationId } }));
  return (
    <FormDialog
      action="They are in a safe place"
      change={confirm}
      isReady={copied.length === files.length}
      onClose={onClose}
      onSubmit={(close) => confirm.mutate(undefined, { onSuccess: close })}
      title="Copy the key files"
    >
      <p>
        Both lie in the folder <code>keys</code> of the server’s data, unless its configuration names another
        place. They never leave the server by this page: whoever runs it copies them, to where the database
        and its backups are not.
      </p>
      <fieldset className={styles.files}>
        <legend>Copied</legend>
        {files.map(({ name, about }) => (
          <Checkbox
            checked={copied.includes(name)}
            description={about}
            key={name}
            label={<code>{name}</code>}
            onChange={({ currentTarget: { checked } }) =>
              setCopied(checked ? [...copied, name] : copied.filter((each) => each !== name))
            }
          />
        ))}
      </fieldset>
      <p className={styles.quiet}>
        The key-encryption key gets a new version with each rotation: copy its file again then.
      </p>
    </FormDialog>
  );
}

/** What the root holder's key signs. */
export type Ceremony = "epoch" | "renewal" | "issuer" | "pulse";

const ceremonies = {
  epoch: {
    title: "Begin a new epoch",
    action: "Begin it",
    about:
      "Workstations then accept what the server signs, though they have seen later versions. All get their Key-Files and orders anew. Only needed after the database was restored from a backup.",
    endpoint: null,
  },
  renewal: {
    title: "Renew the root",
    action: "Renew it",
    about: "It is signed again as it is, for another two years.",
    endpoint: roots.renewRoot,
  },
  issuer: {
    title: "Rotate the issuer key",
    action: "Rotate it",
    about: "Another key signs Key-Files and orders from then on. What the former one signs is refused.",
    endpoint: roots.rotateIssuer,
  },
  pulse: {
    title: "Rotate the pulse key",
    action: "Rotate it",
    about: "Another key signs that the server is there. What the former one signs is refused.",
    endpoint: roots.rotatePulse,
  },
} as const;

interface SigningDialogProps {
  readonly organisationId: OrganisationId;
  readonly root: Root;
  readonly ceremony: Ceremony;
  readonly onClose: () => void;
}

export function SigningDialog({ organisationId, root, ceremony, onClose }: SigningDialogProps): ReactNode {
  const { title, action, about, endpoint } = ceremonies[ceremony];
  const edited = useEdited(root.version);
  const sign = useChange(organisationId, () => {
    const given = { params: { organisationId }, match: edited.match };
    if (endpoint !== null) return call(endpoint, given);
    return call(roots.raiseEpoch, { ...given, body: { epochSeen: root.ahead?.epoch ?? 0 } });
  });
  return (
    <FormDialog
      action={action}
      change={sign}
      edited={edited}
      isReady={root.holder === "present"}
      onClose={onClose}
      onSubmit={(close) => sign.mutate(undefined, { onSuccess: close })}
      title={title}
    >
      <p>{about}</p>
      {root.holder !== "present" && (
        <Note isLine title="It is signed with the root holder’s key, and that cannot be used now." tone="bad">
          Put its file, root-key.json, back on the server for as long as this takes.
        </Note>
      )}
    </FormDialog>
  );
}
