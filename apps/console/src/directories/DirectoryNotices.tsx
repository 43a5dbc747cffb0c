// What an administrator has to know of the directories: one that cannot be read, and a plan that is held.

import type { Directory } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { useRights } from "../sessions/rights.ts";
import { wordsOfMoment } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { directoriesQuery } from "./queries.ts";

export function DirectoryNotices({ organisationId }: { readonly organisationId: OrganisationId }): ReactNode {
  const mayEdit = useRights()("edit-directory").allowed;
  const { data } = useQuery({ ...directoriesQuery(organisationId), enabled: mayEdit });
  return (data?.directories ?? []).map((directory) => (
    <DirectoryNotice directory={directory} key={directory.id}>
      <Button
        renderRoot={(props) => (
          <Link
            params={{ organisationId, directoryId: directory.id }}
            to="/organisations/$organisationId/directories/$directoryId"
            {...props}
          />
        )}
      >
        Look at it
      </Button>
    </DirectoryNotice>
  ));
}

interface NoticeProps {
  readonly directory: Directory;
  /** What leads there. */
  readonly children: ReactNode;
}

function DirectoryNotice({ directory, children }: NoticeProps): ReactNode {
  const { name, failure, failingSince, heldRunId } = directory;
  return (
    <>
      {failure !== null && (
        <Note action={children} isLine title={`${name} cannot be read: ${failure.sentence}`} tone="bad">
          Since {wordsOfMoment(failingSince ?? "")}. Nobody is lost by that. {failure.remedy}
        </Note>
      )}
      {heldRunId !== null && (
        <Note
          action={children}
          isLine
          title={`A plan of ${name} is held: many people would vanish.`}
          tone="bad"
        >
          Nobody vanishes until somebody has looked at it and confirmed it.
        </Note>
      )}
    </>
  );
}
