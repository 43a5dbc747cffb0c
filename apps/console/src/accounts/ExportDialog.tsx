// Chosen people as a file for a spreadsheet: what is in it, and then the download.

import { peopleCsvFile, peopleExports, type ExportedPerson, type UserRow } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button } from "@mantine/core";
import type { ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { ChangeForm } from "../changes/ChangeForm.tsx";
import { useCurrentOrganisation } from "../organisations/current.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { download } from "../ui/download.ts";
import { countOf } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import ui from "../ui/ui.module.css";

interface ExportDialogProps {
  readonly organisationId: OrganisationId;
  readonly users: readonly UserRow[];
  readonly onClose: () => void;
}

export function ExportDialog({ organisationId, users, onClose }: ExportDialogProps): ReactNode {
  const name = useCurrentOrganisation()?.name ?? "";
  const make = useChange(organisationId, async () => {
    const userIds = users.map(({ id }) => id);
    const { people } = await call(peopleExports.exportPeople, {
      params: { organisationId },
      body: { userIds },
    });
    download(peopleCsvFile(people), { of: `${name} people`, ending: "csv", type: "text/csv;charset=utf-8" });
    return people;
  });
  const who = countOf(users.length, "person", "people");
  return (
    <Dialog isFirm onClose={onClose} title={`Export ${who}`}>
      {(close) =>
        make.isSuccess ? (
          <Made close={close} people={make.data} />
        ) : (
          <ChangeForm
            action="Download the file"
            change={make}
            close={close}
            onSubmit={() => make.mutate(undefined)}
          >
            <p>
              A CSV file for a spreadsheet, with a row for each: name, username, mail address, team, both
              statuses, the last activity, and when the account would be disabled.
            </p>
            <p className={ui.quiet}>
              It holds personal data: keep it no longer than you need it. That you made it is recorded, with
              the number of people.
            </p>
          </ChangeForm>
        )
      }
    </Dialog>
  );
}

interface MadeProps {
  readonly people: readonly ExportedPerson[];
  readonly close: () => void;
}

function Made({ people, close }: MadeProps): ReactNode {
  const deleted = people.filter(({ verdict }) => verdict === "deleted").length;
  return (
    <>
      <Note isLine title={`${countOf(people.length, "person", "people")} in the file.`} tone="good">
        {deleted === 0
          ? undefined
          : `Of ${countOf(deleted, "deleted account")} there is only the username; everything else was erased.`}
      </Note>
      <div className={ui.buttons}>
        <Button onClick={close} size="sm" variant="filled">
          Done
        </Button>
      </div>
    </>
  );
}
