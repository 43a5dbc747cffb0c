// Adding a directory, or changing how it is read: the settings, and beside them what a test of them finds.

import { directories, type Directory } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button, Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange, useIdempotencyKey, type ChangeState } from "../changes/change.ts";
import { useEdited, type Edited } from "../changes/edited.ts";
import { Overtaken } from "../changes/Overtaken.tsx";
import { Refused } from "../changes/Refused.tsx";
import { Loaded } from "../Loaded.tsx";
import { useRights } from "../sessions/rights.ts";
import { Form } from "../ui/Form.tsx";
import { Note } from "../ui/Note.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { draftOf, emptyDraft, isSentElsewhere, passwordOf, settingsOf, type Draft } from "./draft.ts";
import { directoryQuery, type Place } from "./queries.ts";
import { SettingFields } from "./SettingFields.tsx";
import { TestResult } from "./TestResult.tsx";
import styles from "./directories.module.css";
import fields from "./settings.module.css";

const addRoute = getRouteApi("/organisations/$organisationId/directories/add");
const editRoute = getRouteApi("/organisations/$organisationId/directories/$directoryId/settings");

export function AddDirectoryPage(): ReactNode {
  const { organisationId } = addRoute.useParams();
  const [draft, setDraft] = useState(emptyDraft);
  const idempotencyKey = useIdempotencyKey();
  const navigate = useNavigate();
  useDocumentTitle("Add a directory · Lockstep");
  const add = useChange(organisationId, () =>
    call(directories.createDirectory, {
      params: { organisationId },
      body: { ...settingsOf(draft), password: draft.password },
      idempotencyKey,
    }),
  );
  const toIt = ({ id: directoryId }: Directory) =>
    void navigate({
      to: "/organisations/$organisationId/directories/$directoryId",
      params: { organisationId, directoryId },
    });
  return (
    <Settings
      action="Add the directory"
      back={<Back organisationId={organisationId} />}
      change={add}
      draft={draft}
      onChange={setDraft}
      onSubmit={() => add.mutate(undefined, { onSuccess: toIt })}
      organisationId={organisationId}
      saved={null}
      title="Add a directory"
    />
  );
}

export function EditDirectoryPage(): ReactNode {
  const place = editRoute.useParams();
  const query = useQuery(directoryQuery(place));
  useDocumentTitle("Settings of a directory · Lockstep");
  return (
    <Loaded isPage query={query} skeleton={<Skeleton height={420} radius={10} />}>
      {(directory) => <Editing directory={directory} place={place} />}
    </Loaded>
  );
}

function Editing({ place, directory }: { readonly place: Place; readonly directory: Directory }): ReactNode {
  const [draft, setDraft] = useState(() => draftOf(directory));
  const edited = useEdited(directory.revision);
  const navigate = useNavigate();
  const save = useChange(place.organisationId, () =>
    call(directories.editDirectory, {
      params: place,
      body: { ...settingsOf(draft), ...passwordOf(draft) },
      match: edited.match,
    }),
  );
  const toIt = () =>
    void navigate({ to: "/organisations/$organisationId/directories/$directoryId", params: place });
  return (
    <Settings
      action="Save"
      back={<Back {...place} />}
      change={save}
      draft={draft}
      edited={edited}
      onChange={setDraft}
      onSubmit={() => save.mutate(undefined, { onSuccess: toIt })}
      organisationId={place.organisationId}
      saved={directory}
      title={`Settings of ${directory.name}`}
    />
  );
}

interface BackProps {
  readonly organisationId: OrganisationId;
  readonly directoryId?: Directory["id"];
}

function Back({ organisationId, directoryId }: BackProps): ReactNode {
  return (
    <Button
      renderRoot={(props) =>
        directoryId === undefined ? (
          <Link params={{ organisationId }} to="/organisations/$organisationId/directories" {...props} />
        ) : (
          <Link
            params={{ organisationId, directoryId }}
            to="/organisations/$organisationId/directories/$directoryId"
            {...props}
          />
        )
      }
      size="sm"
    >
      Cancel
    </Button>
  );
}

interface SettingsProps {
  readonly organisationId: OrganisationId;
  readonly title: string;
  readonly action: string;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  /** Null while it is added. */
  readonly saved: Directory | null;
  readonly edited?: Edited;
  readonly change: ChangeState;
  readonly onSubmit: () => void;
  readonly back: ReactNode;
}

function Settings(props: SettingsProps): ReactNode {
  const { organisationId, title, action, draft, onChange, saved, edited, change, onSubmit, back } = props;
  const may = useRights()("edit-directory");
  const test = useTest(organisationId, draft, saved);
  if (!may.allowed) return <Note title="You cannot change directories.">{may.why}</Note>;
  return (
    <>
      <PageHead title={title} />
      <div className={styles.columns}>
        <Form label={title} onSubmit={onSubmit}>
          <SettingFields
            draft={draft}
            needsPassword={saved === null || isSentElsewhere(draft, saved)}
            onChange={onChange}
            organisationId={organisationId}
          />
          {edited && <Overtaken change={change} edited={edited} />}
          <Refused error={change.error} />
          <div className={styles.buttons}>
            <Button loading={change.isPending} size="sm" type="submit" variant="filled">
              {action}
            </Button>
            <Button loading={test.isPending} onClick={() => test.mutate()} size="sm">
              Test the connection
            </Button>
            {back}
          </div>
        </Form>
        <div className={fields.sticky}>
          <TestResult test={test} />
        </div>
      </div>
    </>
  );
}

/** What is typed is tried, with the saved password where none is typed. */
function useTest(organisationId: OrganisationId, draft: Draft, saved: Directory | null) {
  return useMutation({
    mutationFn: () =>
      call(directories.testDirectory, {
        params: { organisationId },
        body: {
          ...(saved && { directoryId: saved.id }),
          settings: {
            ...settingsOf(draft),
            ...passwordOf(draft),
            name: draft.name === "" ? "Directory" : draft.name,
          },
        },
      }),
  });
}
