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
import ui from "../ui/ui.module.css";
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
      <Loaded isPage query={query} skeleton={<Skeleton height={220} radius={10} />}>
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
    <table className={styles.table}>
      <caption className={ui.hidden}>Directories by name</caption>
      <thead>
        <tr>
          <th scope="col">Directory</th>
          <th scope="col">State</th>
          <th scope="col">Linked</th>
          <th scope="col">Gone</th>
          <th scope="col">Next</th>
        </tr>
      </thead>
      <tbody>
        {directories.map((directory) => (
          <tr className={styles.row} key={directory.id}>
            <th scope="row">
              <Link
                className={styles.fill}
                params={{ organisationId, directoryId: directory.id }}
                to="/organisations/$organisationId/directories/$directoryId"
              >
                {directory.name}
              </Link>
              <span className={styles.quiet}>
                {kindWords[directory.kind]}, {directory.host}
              </span>
            </th>
            <td>
              <DirectoryMark directory={directory} />
            </td>
            <td data-label="Linked">{wordsOfNumber(directory.linked)}</td>
            <td data-label="Gone">{wordsOfNumber(directory.missing)}</td>
            <td className={styles.quiet} data-label="Next">
              {directory.nextRunAt === null ? "when asked" : <Moment at={directory.nextRunAt} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
