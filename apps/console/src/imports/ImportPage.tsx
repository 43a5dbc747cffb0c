// Importing people from a file: first a dry run that says what would become of each row, then the import itself.

import { imports } from "@lockstep/api";
import type { OrganisationId, TeamId } from "@lockstep/core";
import { Button } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call, teamsQuery, type ImportId } from "../api.ts";
import { newIdempotencyKey } from "../changes/change.ts";
import { Refused } from "../changes/Refused.tsx";
import { useRights } from "../sessions/rights.ts";
import { TeamSelector } from "../teams/TeamSelector.tsx";
import { countOf } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { Section } from "../ui/Section.tsx";
import { FileDrop } from "./FileDrop.tsx";
import { Outcome } from "./Outcome.tsx";
import { textOf, type FileText } from "./text.ts";
import styles from "./imports.module.css";

const route = getRouteApi("/organisations/$organisationId/import");

/** As the contract has it. */
const mostBytes = 64 * 1024 * 1024;

export function ImportPage(): ReactNode {
  const { organisationId } = route.useParams();
  const { import: started } = route.useSearch();
  const navigate = route.useNavigate();
  const may = useRights()("edit-people");
  useDocumentTitle("Import people · Lockstep");
  return (
    <>
      <PageHead title="Import people" />
      {started !== undefined ? (
        <Outcome
          importId={started}
          onAgain={() => void navigate({ search: {} })}
          organisationId={organisationId}
        />
      ) : may.allowed ? (
        <Beginning
          onStarted={(id) => void navigate({ search: { import: id } })}
          organisationId={organisationId}
        />
      ) : (
        <Note title="You cannot import people.">{may.why}</Note>
      )}
    </>
  );
}

interface ChosenFile extends FileText {
  readonly name: string;
}

interface BeginningProps {
  readonly organisationId: OrganisationId;
  readonly onStarted: (id: ImportId) => void;
}

function Beginning({ organisationId, onStarted }: BeginningProps): ReactNode {
  const [file, setFile] = useState<ChosenFile>();
  const [teamId, setTeamId] = useState<TeamId>();
  const { check, start, forget } = useImport(organisationId, file, teamId);
  return (
    <>
      <Section title="File">
        <div className={styles.form}>
          <FileChoice
            file={file}
            onChoose={(chosen) => {
              forget();
              setFile(chosen);
            }}
          />
          <TeamOfRest
            onChange={(team) => {
              forget();
              setTeamId(team);
            }}
            organisationId={organisationId}
            value={teamId}
          />
          <Refused error={check.error} />
          <div>
            <Button
              disabled={file === undefined}
              loading={check.isPending}
              onClick={() => check.mutate()}
              size="sm"
              variant={check.isSuccess ? "default" : "filled"}
            >
              Check the file
            </Button>
          </div>
        </div>
      </Section>
      {check.isSuccess && (
        <Outcome importId={check.data.id} organisationId={organisationId}>
          {(people) => (
            <>
              <Refused error={start.error} />
              <Button
                loading={start.isPending}
                onClick={() => start.mutate(undefined, { onSuccess: ({ id }) => onStarted(id) })}
                size="sm"
                variant="filled"
              >
                Import {countOf(people, "person", "people")}
              </Button>
            </>
          )}
        </Outcome>
      )}
    </>
  );
}

interface FileChoiceProps {
  readonly file: ChosenFile | undefined;
  readonly onChoose: (file: ChosenFile | undefined) => void;
}

function FileChoice({ file, onChoose }: FileChoiceProps): ReactNode {
  const [isTooLarge, setTooLarge] = useState(false);
  const take = async (given: File) => {
    setTooLarge(given.size > mostBytes);
    onChoose(undefined);
    if (given.size > mostBytes) return;
    onChoose({ name: given.name, ...textOf(new Uint8Array(await given.arrayBuffer())) });
  };
  return (
    <>
      <FileDrop
        hint={<Columns />}
        label="Drop a CSV file here, or choose one"
        name={file?.name}
        onFile={(given) => void take(given)}
      />
      <Example />
      {isTooLarge && (
        <Note isLine title="The file is larger than 64 MiB." tone="bad">
          Import it in parts.
        </Note>
      )}
      {file?.encoding === "windows-1252" && (
        <Note isLine title="The file is not in UTF-8.">
          It is read as Windows-1252. Look at names with accents before you import.
        </Note>
      )}
    </>
  );
}

/** As a spreadsheet would write it. */
const example = [
  "name,username,email,team",
  "Bo Lindqvist,bo,bo@northwind.example,Flight Operations/Pilots",
  "Inês Duarte,,ines@northwind.example,",
].join("\n");

function Example(): ReactNode {
  return (
    <details className={styles.example}>
      <summary>What such a file looks like</summary>
      <pre tabIndex={0}>{example}</pre>
      <p className={styles.quiet}>
        Without a username, one is made of the mail address. A team is named by its name, or by its path where
        several have the same. Every row gets a verdict, and a row that cannot be added is skipped.
      </p>
    </details>
  );
}

function Columns(): ReactNode {
  return (
    <>
      The first row names the columns: <code>name</code> and <code>username</code> or <code>email</code>, and{" "}
      <code>team</code> if wanted. Commas, semicolons or tabs.
    </>
  );
}

/** A dry run and the import of the same file, each made once however often it is sent. */
function useImport(organisationId: OrganisationId, file: ChosenFile | undefined, teamId: TeamId | undefined) {
  const [keys, setKeys] = useState(newKeys);
  const run = (isDryRun: boolean, idempotencyKey: string) => {
    const body = { fileName: file?.name ?? "", csv: file?.text ?? "", isDryRun, ...(teamId && { teamId }) };
    return call(imports.startImport, { params: { organisationId }, body, idempotencyKey });
  };
  const check = useMutation({ mutationFn: () => run(true, keys.check) });
  const start = useMutation({ mutationFn: () => run(false, keys.start) });
  const forget = () => {
    setKeys(newKeys());
    check.reset();
    start.reset();
  };
  return { check, start, forget };
}

const newKeys = () => ({ check: newIdempotencyKey(), start: newIdempotencyKey() });

interface TeamOfRestProps {
  readonly organisationId: OrganisationId;
  readonly value: TeamId | undefined;
  readonly onChange: (team: TeamId | undefined) => void;
}

function TeamOfRest({ organisationId, value, onChange }: TeamOfRestProps): ReactNode {
  const root = useQuery(teamsQuery(organisationId)).data?.teams.find(({ parentId }) => parentId === null);
  return (
    <div className={styles.team}>
      <TeamSelector
        label="Rows without a team go to"
        onChange={onChange}
        organisationId={organisationId}
        value={value ?? root?.id}
      />
    </div>
  );
}
