// Importing people from a file: first a dry run that says what would become of each row, then the import itself.

import { imports } from "@lockstep/api";
import type { OrganisationId, TeamId } from "@lockstep/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call, teamsQuery, type ImportId } from "../api.ts";
import { useRights } from "../sessions/rights.ts";
import { TeamSelector } from "../teams/TeamSelector.tsx";
import { countOf } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { Section } from "../ui/Section.tsx";
import { Carry, CheckFile, useFileImport } from "./carrying-out.tsx";
import { FileChoice, type ChosenFile } from "./FileChoice.tsx";
import { Outcome } from "./Outcome.tsx";
import styles from "./imports.module.css";

const route = getRouteApi("/organisations/$organisationId/import");

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

interface BeginningProps {
  readonly organisationId: OrganisationId;
  readonly onStarted: (id: ImportId) => void;
}

function Beginning({ organisationId, onStarted }: BeginningProps): ReactNode {
  const [file, setFile] = useState<ChosenFile>();
  const [teamId, setTeamId] = useState<TeamId>();
  const { check, start, forget } = useFileImport(file, (given, idempotencyKey) =>
    call(imports.startImport, {
      params: { organisationId },
      body: { ...given, ...(teamId && { teamId }) },
      idempotencyKey,
    }),
  );
  return (
    <>
      <Section title="File">
        <div className={styles.form}>
          <FileChoice
            columns={<Columns />}
            example={example}
            file={file}
            onChoose={(chosen) => {
              forget();
              setFile(chosen);
            }}
          >
            Without a username, one is made of the mail address. A team is named by its name, or by its path
            where several have the same. Every row gets a verdict, and a row that cannot be added is skipped.
          </FileChoice>
          <TeamOfRest
            onChange={(team) => {
              forget();
              setTeamId(team);
            }}
            organisationId={organisationId}
            value={teamId}
          />
          <CheckFile check={check} isChosen={file !== undefined} />
        </div>
      </Section>
      {check.isSuccess && (
        <Outcome importId={check.data.id} organisationId={organisationId}>
          {(people) => (
            <Carry onStarted={({ id }) => onStarted(id)} start={start}>
              Import {countOf(people, "person", "people")}
            </Carry>
          )}
        </Outcome>
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

function Columns(): ReactNode {
  return (
    <>
      The first row names the columns: <code>name</code> and <code>username</code> or <code>email</code>, and{" "}
      <code>team</code> if wanted. Commas, semicolons or tabs.
    </>
  );
}

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
