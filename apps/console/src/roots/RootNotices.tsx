// What an administrator has to know of the keys that sign, until it is done: copy their files, renew the root in time,
// and begin a new epoch after a restored backup.

import type { Root } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { rootQuery } from "../api.ts";
import { useRights } from "../sessions/rights.ts";
import { countOf, wordsOfMoment } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { ExportDialog, SigningDialog, type Ceremony } from "./RootDialogs.tsx";

interface RootNoticesProps {
  readonly organisationId: OrganisationId;
}

/** From so many days before its end on. */
const warnedDays = 180;
const dayMilliseconds = 86_400_000;

export function RootNotices({ organisationId }: RootNoticesProps): ReactNode {
  const mayEdit = useRights()("edit-root").allowed;
  const { data: root } = useQuery({ ...rootQuery(organisationId), enabled: mayEdit });
  const [open, setOpen] = useState<"export" | Ceremony | null>(null);
  if (!mayEdit || root === undefined) return null;
  const close = () => setOpen(null);
  return (
    <>
      <Behind onRaise={() => setOpen("epoch")} root={root} />
      <Ending onRenew={() => setOpen("renewal")} root={root} />
      <NotCopied onConfirm={() => setOpen("export")} root={root} />
      {open === "export" && <ExportDialog onClose={close} organisationId={organisationId} />}
      {open !== null && open !== "export" && (
        <SigningDialog ceremony={open} onClose={close} organisationId={organisationId} root={root} />
      )}
    </>
  );
}

function Behind({ root, onRaise }: { readonly root: Root; readonly onRaise: () => void }): ReactNode {
  if (root.ahead === null) return null;
  const { workstations } = root.ahead;
  return (
    <Note
      action={<Button onClick={onRaise}>Begin a new epoch</Button>}
      isLine
      title={`${countOf(workstations, "workstation")} ${workstations === 1 ? "holds" : "hold"} what this server never made.`}
      tone="bad"
    >
      The server was restored from a backup, so workstations refuse what it posts. A new epoch, signed with
      the root holder’s key, makes them accept it again.
    </Note>
  );
}

function Ending({ root, onRenew }: { readonly root: Root; readonly onRenew: () => void }): ReactNode {
  const days = (Date.parse(root.expiresAt) - Date.now()) / dayMilliseconds;
  if (days > warnedDays) return null;
  return (
    <Note
      action={<Button onClick={onRenew}>Renew the root</Button>}
      isLine
      title={days > 0 ? `The root is good until ${wordsOfMoment(root.expiresAt)}.` : "The root has expired."}
      tone={days > warnedDays / 2 ? "quiet" : "bad"}
    >
      Afterwards workstations say that they are out of date, and lock in the end if their policy says so.
    </Note>
  );
}

function NotCopied({ root, onConfirm }: { readonly root: Root; readonly onConfirm: () => void }): ReactNode {
  if (root.exportedAt !== null) return null;
  return (
    <Note
      action={<Button onClick={onConfirm}>Copy the key files</Button>}
      isLine
      title="Nobody has confirmed that the two key files were copied to a safe place."
    >
      Without them a backup of the database opens no key and signs nothing: every workstation would have to be
      activated again.
    </Note>
  );
}
