// One key: its versions, the groups it is in, and what can be done to it.

import type { Group, Key } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useState, type ReactNode } from "react";

import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { countOf } from "../ui/format.ts";
import { KeyIcon } from "../ui/icons.tsx";
import { Moment } from "../ui/Moment.tsx";
import { RenameKeyDialog, RotateKeyDialog, VersionUseDialog } from "./KeyDialogs.tsx";
import { VersionMark } from "./VersionMark.tsx";
import styles from "./keys.module.css";

interface KeyRowProps {
  readonly organisationId: OrganisationId;
  readonly encryptionKey: Key;
  readonly groups: readonly Group[];
}

export function KeyRow({ organisationId, encryptionKey, groups }: KeyRowProps): ReactNode {
  const { name, versions, groupIds } = encryptionKey;
  const [open, setOpen] = useState<"rotate" | "rename" | null>(null);
  const mayEdit = useRights()("edit-keys").allowed;
  const close = () => setOpen(null);
  const dialog = { organisationId, encryptionKey, onClose: close };
  const inGroups = groups.filter(({ id }) => groupIds.includes(id));
  return (
    <li className={styles.row}>
      <div className={styles.rowHead}>
        <KeyIcon />
        <div className={styles.rowText}>
          <p className={styles.rowName}>
            <strong>{name}</strong>
            {newestFirst(versions).map(({ version, use }) => (
              <VersionMark key={version} use={use} version={version} />
            ))}
          </p>
          <p className={styles.quiet}>
            {inGroups.length === 0
              ? "in no group, so nobody is given it"
              : `in ${inGroups.map((group) => group.name).join(", ")}`}
          </p>
        </div>
        {mayEdit && (
          <div className={styles.rowActions}>
            <ActionButton label={`Rotate: ${name}`} onClick={() => setOpen("rotate")}>
              Rotate
            </ActionButton>
            <ActionButton label={`Rename: ${name}`} onClick={() => setOpen("rename")}>
              Rename
            </ActionButton>
          </div>
        )}
      </div>
      <Versions encryptionKey={encryptionKey} mayEdit={mayEdit} organisationId={organisationId} />
      {open === "rotate" && <RotateKeyDialog {...dialog} groups={groups} />}
      {open === "rename" && <RenameKeyDialog {...dialog} />}
    </li>
  );
}

interface VersionsProps {
  readonly organisationId: OrganisationId;
  readonly encryptionKey: Key;
  readonly mayEdit: boolean;
}

const isActiveWords = "New files are encrypted with this version. Rotate the key before you retire it.";

function Versions({ organisationId, encryptionKey, mayEdit }: VersionsProps): ReactNode {
  const { name, versions } = encryptionKey;
  const [turning, setTurning] = useState<Key["versions"][number] | null>(null);
  return (
    <details className={styles.versions}>
      <summary>
        {countOf(versions.length, "version")}
        <span className={styles.hidden}> of {name}</span>
      </summary>
      <ul>
        {newestFirst(versions).map((version) => {
          const { use, recipient, madeAt } = version;
          const action = use === "retired" ? "Take back" : "Retire";
          return (
            <li key={version.version}>
              <div className={styles.rowText}>
                <p>
                  <strong>Version {version.version}</strong>{" "}
                  <span className={styles.quiet}>
                    {useWords[use]}
                    {madeAt !== null && (
                      <>
                        {" · made "}
                        <Moment at={madeAt} />
                      </>
                    )}
                  </span>
                </p>
                <code className={styles.recipient}>{recipient ?? "without key material"}</code>
              </div>
              {mayEdit && (
                <ActionButton
                  label={`${action}: ${name} version ${version.version}`}
                  onClick={() => setTurning(version)}
                  why={use === "active" ? isActiveWords : null}
                >
                  {action}
                </ActionButton>
              )}
            </li>
          );
        })}
      </ul>
      {turning && (
        <VersionUseDialog
          encryptionKey={encryptionKey}
          onClose={() => setTurning(null)}
          organisationId={organisationId}
          version={turning}
        />
      )}
    </details>
  );
}

const newestFirst = (versions: Key["versions"]): Key["versions"] =>
  versions.toSorted((a, b) => b.version - a.version);

const useWords = {
  active: "encrypts new files, and opens its own",
  "decrypt-only": "opens what it has encrypted",
  retired: "is held by no workstation",
} as const;
