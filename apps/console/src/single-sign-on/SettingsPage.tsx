// By which provider people of the organisation sign in: its settings, what it has to be told, and what it says of itself.

import { singleSignOn, type SingleSignOn } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button, Skeleton } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { AccountsHead } from "../accounts/AccountsHead.tsx";
import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { useEditing, type Editing } from "../changes/edited.ts";
import { Overtaken } from "../changes/Overtaken.tsx";
import { Refused } from "../changes/Refused.tsx";
import { Loaded } from "../Loaded.tsx";
import { useRights } from "../sessions/rights.ts";
import { countOf } from "../ui/format.ts";
import { Form } from "../ui/Form.tsx";
import { Note } from "../ui/Note.tsx";
import { Section } from "../ui/Section.tsx";
import { bodyOf, draftOf, isChanged, needsSecret, type Draft } from "./draft.ts";
import { ProviderFacts, Registration, SignInAddress } from "./ProviderFacts.tsx";
import { ProviderTest } from "./ProviderTest.tsx";
import { singleSignOnQuery } from "./queries.ts";
import { RemoveDialog } from "./RemoveDialog.tsx";
import { SettingFields } from "./SettingFields.tsx";
import styles from "./single-sign-on.module.css";

const route = getRouteApi("/organisations/$organisationId/accounts/single-sign-on");

export function SettingsPage(): ReactNode {
  const { organisationId } = route.useParams();
  const query = useQuery(singleSignOnQuery(organisationId));
  const right = useRights()("edit-single-sign-on");
  return (
    <>
      <AccountsHead organisationId={organisationId} page="Single sign-on" />
      <Loaded query={query} skeleton={<Skeleton height={420} radius={10} />}>
        {(state) =>
          right.allowed ? (
            <Settings organisationId={organisationId} state={state} />
          ) : (
            <div className={styles.columns}>
              <ProviderFacts state={state} why={right.why} />
              <SignInAddress state={state} />
            </div>
          )
        }
      </Loaded>
    </>
  );
}

interface SettingsProps {
  readonly organisationId: OrganisationId;
  readonly state: SingleSignOn;
}

function Settings({ organisationId, state }: SettingsProps): ReactNode {
  const { connection, linked, returnAddress } = state;
  const editing = useEditing(draftOf(connection), state.revision);
  const { draft } = editing;
  const [isRemoving, setRemoving] = useState(false);
  const test = useMutation({
    mutationFn: (issuer: string) =>
      call(singleSignOn.testSingleSignOn, { params: { organisationId }, body: { issuer } }),
  });
  return (
    <div className={styles.columns}>
      <Section aside={<span>{stateOf(state)}</span>} title="Provider">
        <div className={styles.form}>
          <SettingsForm
            editing={editing}
            isTrying={test.isPending}
            onRemove={() => setRemoving(true)}
            onTry={() => test.mutate(draft.issuer)}
            organisationId={organisationId}
            state={state}
          />
        </div>
      </Section>
      <div className={styles.column}>
        <Registration returnAddress={returnAddress} />
        <ProviderTest claim={draft.claim} test={test} />
        <SignInAddress state={state} />
      </div>
      {isRemoving && connection !== null && (
        <RemoveDialog
          linked={linked}
          name={connection.name}
          onClose={() => setRemoving(false)}
          onRemoved={editing.settle}
          organisationId={organisationId}
        />
      )}
    </div>
  );
}

interface SettingsFormProps {
  readonly organisationId: OrganisationId;
  readonly state: SingleSignOn;
  readonly editing: Editing<Draft>;
  readonly onTry: () => void;
  readonly isTrying: boolean;
  readonly onRemove: () => void;
}

function SettingsForm(props: SettingsFormProps): ReactNode {
  const { organisationId, state, editing, onTry, isTrying, onRemove } = props;
  const { connection, returnAddress } = state;
  const { draft, edited, change, settle } = editing;
  const save = useSave(organisationId, edited.match);
  const submit = () => {
    if (edited.isOvertaken || save.isPending) return;
    save.mutate(draft, { onSuccess: settle });
  };
  return (
    <Form label="Single sign-on" onSubmit={submit}>
      <SettingFields
        door={new URL("/sign-in/", returnAddress).href}
        draft={draft}
        isTrying={isTrying}
        needsSecret={needsSecret(draft, connection)}
        onChange={(changed) => {
          // What was saved is the past once one types on.
          if (save.isSuccess) save.reset();
          change(changed);
        }}
        onTry={onTry}
      />
      <Relinking draft={draft} state={state} />
      <Overtaken change={save} edited={edited} />
      <Refused error={save.error} />
      {save.isSuccess && !isChanged(draft, connection) && <Note isLine title="Saved." tone="good" />}
      <div className={styles.buttons}>
        <Button loading={save.isPending} size="sm" type="submit" variant="filled">
          Save
        </Button>
        {connection !== null && (
          <Button className={styles.last ?? ""} onClick={onRemove} size="sm">
            Forget the provider
          </Button>
        )}
      </div>
    </Form>
  );
}

const useSave = (organisationId: OrganisationId, match: number) =>
  useChange(organisationId, (draft: Draft) =>
    call(singleSignOn.setSingleSignOn, { params: { organisationId }, body: bodyOf(draft), match }),
  );

function stateOf({ connection }: SingleSignOn): string {
  if (connection === null) return "Not set up";
  return connection.isOn ? "On" : "Off";
}

interface RelinkingProps {
  readonly draft: Draft;
  readonly state: SingleSignOn;
}

/** Who somebody is at one issuer says nothing of another one. */
function Relinking({ draft, state: { connection, linked } }: RelinkingProps): ReactNode {
  if (connection === null || draft.issuer === connection.issuer || linked === 0) return null;
  return (
    <Note isLine title={`${countOf(linked, "person is", "people are")} linked anew.`} tone="bad">
      Who they are at the present issuer is forgotten. The first to come from the new one under a username is
      taken for that user.
    </Note>
  );
}
