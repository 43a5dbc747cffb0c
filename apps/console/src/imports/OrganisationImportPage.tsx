// Importing organisations of an authority with their people: a dry run says what would become of each row, then the import.

import { organisationImports } from "@lockstep/api";
import type { AuthorityId } from "@lockstep/core";
import { NativeSelect } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useAuthoritiesToImport } from "../organisations/authorities.ts";
import type { AuthorityChoice } from "../organisations/CreateDialogs.tsx";
import { Breadcrumbs } from "../ui/Breadcrumbs.tsx";
import { countOf } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { Section } from "../ui/Section.tsx";
import { Carry, CheckFile, useFileImport } from "./carrying-out.tsx";
import { FileChoice, type ChosenFile } from "./FileChoice.tsx";
import { OrganisationOutcome } from "./OrganisationOutcome.tsx";
import type { ImportPlace } from "./queries.ts";
import styles from "./imports.module.css";

const route = getRouteApi("/installation/imports");

export function OrganisationImportPage(): ReactNode {
  const { organisation, authority, import: started } = route.useSearch();
  const navigate = route.useNavigate();
  const choices = useAuthoritiesToImport();
  useDocumentTitle("Import organisations · Lockstep");
  const go = (place: Partial<ImportPlace>) =>
    void navigate({ search: { organisation, authority: place.authorityId, import: place.importId } });
  return (
    <>
      <Breadcrumbs
        parts={[
          {
            key: "installation",
            content: (
              <Link search={{ organisation }} to="/installation">
                Installation
              </Link>
            ),
          },
          { key: "import", content: "Import" },
        ]}
      />
      <PageHead title="Import organisations and people" />
      {authority !== undefined && started !== undefined ? (
        <OrganisationOutcome onAgain={() => go({})} place={{ authorityId: authority, importId: started }} />
      ) : choices === undefined ? null : choices.length > 0 ? (
        <Beginning choices={choices} onStarted={go} />
      ) : (
        <Note title="You cannot import organisations.">
          It needs the role of an authority administrator or of a system administrator.
        </Note>
      )}
    </>
  );
}

interface BeginningProps {
  readonly choices: readonly AuthorityChoice[];
  readonly onStarted: (place: ImportPlace) => void;
}

function Beginning({ choices, onStarted }: BeginningProps): ReactNode {
  const [file, setFile] = useState<ChosenFile>();
  const [chosen, setChosen] = useState<AuthorityId>();
  const authorityId = chosen ?? choices[0]?.id;
  const { check, start, forget } = useFileImport(file, async (body, idempotencyKey) => {
    if (authorityId === undefined) throw new Error("nothing is begun without an authority");
    const params = { authorityId };
    const begun = await call(organisationImports.startOrganisationImport, { params, body, idempotencyKey });
    return { authorityId, importId: begun.id };
  });
  return (
    <>
      <Section title="File">
        <div className={styles.form}>
          <Choice
            file={file}
            onChoose={(given) => {
              forget();
              setFile(given);
            }}
          />
          {choices.length > 1 && (
            <NativeSelect
              className={styles.team}
              data={choices.map(({ id, name }) => ({ value: id, label: name }))}
              label="Organisations of"
              onChange={({ currentTarget }) => {
                forget();
                setChosen(choices.find(({ id }) => id === currentTarget.value)?.id);
              }}
              value={authorityId}
            />
          )}
          <CheckFile check={check} isChosen={file !== undefined} />
        </div>
      </Section>
      {check.isSuccess && (
        <OrganisationOutcome place={check.data}>
          {({ added, organisations }) => (
            <Carry onStarted={onStarted} start={start}>
              Import {countOf(added, "person", "people")}
              {organisations > 0 && ` and ${countOf(organisations, "organisation")}`}
            </Carry>
          )}
        </OrganisationOutcome>
      )}
    </>
  );
}

/** As a spreadsheet would write it. */
const example = [
  "organisation,name,username,email,team,invite,role",
  "Northwind Air,Bo Lindqvist,bo,bo@northwind.example,Flight Operations/Pilots,,",
  "Southern Air,Vera Simic,,vera@southern.example,,yes,organisation-manager",
].join("\n");

interface ChoiceProps {
  readonly file: ChosenFile | undefined;
  readonly onChoose: (file: ChosenFile | undefined) => void;
}

function Choice(props: ChoiceProps): ReactNode {
  return (
    <FileChoice
      {...props}
      columns={
        <>
          The first row names the columns: <code>organisation</code>, <code>name</code> and{" "}
          <code>username</code> or <code>email</code>, and <code>team</code>, <code>invite</code> and{" "}
          <code>role</code> if wanted. Commas, semicolons or tabs.
        </>
      }
      example={example}
    >
      Organisations that the authority does not have are made, with their teams. In those that are there, a
      team must be there too. Whoever is to be invited gets a mail at once. A role is organisation-manager or
      helpdesk. Whoever is there already is left as is, so the same file can be imported again.
    </FileChoice>
  );
}
