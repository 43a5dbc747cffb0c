// Every directory that people are imported from, and whether it can be read.

import type { Directory } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button, Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { useRights } from "../sessions/rights.ts";
import { wordsOfNumber } from "../ui/format.ts";
import { PlusIcon } from "../ui/icons.tsx";
import { Moment } from "../ui/Moment.tsx";
import { Note } from "../ui/Note.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { Cell, HeadCell, rowLink, Table } from "../ui/Table.tsx";
import { DirectoryMark } from "./DirectoryMark.tsx";
import { directoriesQuery } from "./queries.ts";
import { kindWords } from "./words.ts";
import styles from "./directories.module.css";

const route = getRouteApi("/organisations/$organisationId/directories");

export function DirectoriesPage(): ReactNode {
  const { organisationId } = route.useParams();
  const query = useQuery(directoriesQuery(organisationId));
  useDocumentTitle("Directories · Lockstep");
  return (
    <>
      <PageHead
        actions={query.data?.directories.length !== 0 && <AddDirectory organisationId={organisationId} />}
        title="Directories"
      />
      <Loaded query={query} skeleton={<Skeleton height={220} radius={10} />}>
        {({ directories }) => (
          <section aria-label="List of directories" className={styles.card}>
            {directories.length === 0 ? (
              <Note
                action={<AddDirectory organisationId={organisationId} />}
                title="There is no directory yet."
              >
                People can be imported from Active Directory, OpenLDAP and 389 Directory Server. A plan says
                what becomes of everybody before anything changes.
              </Note>
            ) : (
              <DirectoryTable directories={directories} organisationId={organisationId} />
            )}
          </section>
        )}
      </Loaded>
    </>
  );
}

function AddDirectory({ organisationId }: { readonly organisationId: OrganisationId }): ReactNode {
  if (!useRights()("edit-directory").allowed) return null;
  return (
    <Button
      leftSection={<PlusIcon />}
      renderRoot={(props) => (
        <Link params={{ organisationId }} to="/organisations/$organisationId/directories/add" {...props} />
      )}
      size="sm"
      variant="filled"
    >
      Add a directory
    </Button>
  );
}

interface TableProps {
  readonly organisationId: OrganisationId;
  readonly directories: readonly Directory[];
}

function DirectoryTable({ organisationId, directories }: TableProps): ReactNode {
  return (
    <Table caption="Directories by name" columns={["Directory", "State", "Linked", "Gone", "Next"]} isFirst>
      {directories.map((directory) => (
        <tr key={directory.id}>
          <HeadCell about={`${kindWords[directory.kind]}, ${directory.host}`}>
            <Link
              className={rowLink}
              params={{ organisationId, directoryId: directory.id }}
              to="/organisations/$organisationId/directories/$directoryId"
            >
              {directory.name}
            </Link>
          </HeadCell>
          <Cell narrow="line">
            <DirectoryMark directory={directory} />
          </Cell>
          <Cell label="Linked">{wordsOfNumber(directory.linked)}</Cell>
          <Cell label="Gone" narrow="end">
            {wordsOfNumber(directory.missing)}
          </Cell>
          <Cell isQuiet label="Next" narrow="line">
            {directory.nextRunAt === null ? "when asked" : <Moment at={directory.nextRunAt} />}
          </Cell>
        </tr>
      ))}
    </Table>
  );
}
