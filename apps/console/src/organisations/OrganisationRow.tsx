// One organisation of the installation: whose it is, whether it is on, and what can be done to it.

import { organisations, type Organisation } from "@lockstep/api";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { useEdited } from "../changes/edited.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { useRights, type Right } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { NameField } from "../ui/NameField.tsx";
import styles from "./installation.module.css";

interface OrganisationProps {
  readonly organisation: Organisation;
}

const officeWords = {
  none: null,
  authority: "Office of the authority",
  installation: "Office of the installation",
} as const;
const stateWords = { enabled: null, disabled: "Switched off", deleted: "Deleted" } as const;

export function OrganisationRow({ organisation }: OrganisationProps): ReactNode {
  const { id, name, authority, office, state } = organisation;
  const [open, setOpen] = useState<"rename" | "switch" | null>(null);
  const may = useRights(organisation);
  const isOn = state === "enabled";
  const navigate = useNavigate();
  const onClose = () => setOpen(null);
  const about = [officeWords[office], authority].filter((part) => part !== null).join(" · ");
  return (
    <li className={styles.organisation}>
      <div className={styles.text}>
        <p>
          <Link className={styles.name} search={{ organisation: id }} to="/">
            {name}
          </Link>{" "}
          {stateWords[state] !== null && <span className={styles.mark}>{stateWords[state]}</span>}
        </p>
        <p className={styles.quiet}>{about}</p>
      </div>
      <div className={styles.actions}>
        {may("edit-organisation").allowed && (
          <ActionButton label={`Rename: ${name}`} onClick={() => setOpen("rename")}>
            Rename
          </ActionButton>
        )}
        {state !== "deleted" && (
          <ActionButton
            label={`Switch ${isOn ? "off" : "on"}: ${name}`}
            onClick={() => setOpen("switch")}
            why={whyNotSwitched(office, may("switch-organisation"))}
          >
            Switch {isOn ? "off" : "on"}
          </ActionButton>
        )}
        {state !== "deleted" && (
          <ActionButton
            label={`Delete: ${name}`}
            onClick={() =>
              void navigate({ to: "/organisations/$organisationId/deletion", params: { organisationId: id } })
            }
            why={whyNotDeleted(office, may("delete-organisation"))}
          >
            Delete
          </ActionButton>
        )}
      </div>
      {open === "rename" && <RenameDialog onClose={onClose} organisation={organisation} />}
      {open === "switch" && <SwitchDialog onClose={onClose} organisation={organisation} />}
    </li>
  );
}

function whyNotSwitched(office: Organisation["office"], { allowed, why }: Right): string | null {
  if (!allowed) return why;
  return office === "none"
    ? null
    : "The people who could switch it on again live in this office, so it stays on.";
}

function whyNotDeleted(office: Organisation["office"], { allowed, why }: Right): string | null {
  if (office === "installation") return "Whoever looks after the installation lives here: it stays.";
  if (office === "authority") return "An office is deleted together with its authority.";
  return allowed ? null : why;
}

interface OrganisationDialogProps extends OrganisationProps {
  readonly onClose: () => void;
}

function RenameDialog({ organisation, onClose }: OrganisationDialogProps): ReactNode {
  const { id: organisationId, name: saved, revision } = organisation;
  const [name, setName] = useState<string>();
  const edited = useEdited(revision);
  const rename = useChange("organisations", (given: string) =>
    call(organisations.renameOrganisation, {
      params: { organisationId },
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
      title={`Rename ${saved}`}
    >
      <NameField onChange={setName} value={name ?? saved} />
    </FormDialog>
  );
}

function SwitchDialog({ organisation, onClose }: OrganisationDialogProps): ReactNode {
  const { id: organisationId, name, state, revision } = organisation;
  const [on] = useState(state !== "enabled");
  const edited = useEdited(revision);
  const turn = useChange("organisations", () =>
    call(organisations.switchOrganisation, {
      params: { organisationId },
      body: { on },
      match: edited.match,
    }),
  );
  return (
    <FormDialog
      action={on ? "Switch it on" : "Switch it off"}
      change={turn}
      edited={edited}
      isGrave={!on}
      onClose={onClose}
      onSubmit={(close) => turn.mutate(undefined, { onSuccess: close })}
      title={`Switch ${name} ${on ? "on" : "off"}`}
    >
      <p>
        {on
          ? "Every user has exactly the status from before."
          : "Nobody of it can sign in any more. Nothing of its users is written: switching it on again gives everybody exactly the status from before."}
      </p>
    </FormDialog>
  );
}
