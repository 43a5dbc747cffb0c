// What becomes of a file's rows, or would: how far it is, the counts, and the rows that are skipped with their reasons.

import type { PeopleImport } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { importQuery, skippedRowsQuery, type ImportId } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { countOf } from "../ui/format.ts";
import { Progress } from "../ui/Progress.tsx";
import { Section } from "../ui/Section.tsx";
import { Counts } from "./Counts.tsx";
import { SkippedRows } from "./SkippedRows.tsx";
import styles from "./imports.module.css";

interface OutcomeProps {
  readonly organisationId: OrganisationId;
  readonly importId: ImportId;
  /** Left out while it is only a dry run. */
  readonly onAgain?: () => void;
  /** What can be done once a dry run has found this many people to add. */
  readonly children?: (people: number) => ReactNode;
}

export function Outcome({ organisationId, importId, onAgain, children }: OutcomeProps): ReactNode {
  const query = useQuery(importQuery(organisationId, importId));
  return (
    <Loaded isPage={onAgain !== undefined} query={query} skeleton={<Skeleton height={160} radius={10} />}>
      {(reply) => (
        <>
          <Section
            aside={<span>{reply.fileName}</span>}
            title={reply.isDryRun ? "What the import would do" : "Import"}
          >
            <div className={styles.outcome}>
              {reply.endedAt === null ? (
                <Progress
                  done={reply.done}
                  label={reply.isDryRun ? "Rows checked" : "Rows imported"}
                  of="rows"
                  total={reply.rows}
                />
              ) : (
                <Ended reply={reply} />
              )}
              <div className={styles.buttons}>
                {reply.isDryRun ? (
                  reply.endedAt !== null && reply.added > 0 && children?.(reply.added)
                ) : (
                  <After isEnded={reply.endedAt !== null} onAgain={onAgain} organisationId={organisationId} />
                )}
              </div>
            </div>
          </Section>
          {reply.endedAt !== null && reply.skipped > 0 && (
            <Skipped importId={importId} organisationId={organisationId} skipped={reply.skipped} />
          )}
        </>
      )}
    </Loaded>
  );
}

interface SkippedProps {
  readonly organisationId: OrganisationId;
  readonly importId: ImportId;
  readonly skipped: number;
}

function Skipped({ organisationId, importId, skipped }: SkippedProps): ReactNode {
  return (
    <SkippedRows query={useInfiniteQuery(skippedRowsQuery(organisationId, importId))} skipped={skipped} />
  );
}

function Ended({ reply: { isDryRun, rows, added, skipped } }: { readonly reply: PeopleImport }): ReactNode {
  const [addedWords, skippedWords] = isDryRun ? ["would be added", "would be skipped"] : ["added", "skipped"];
  return (
    <>
      <Counts
        counts={[
          [isDryRun ? "People who would be added" : "People added", added],
          [`Rows ${isDryRun ? "that would be skipped" : "skipped"}`, skipped],
          ["Rows in all", rows],
        ]}
      >
        {countOf(added, "person", "people")} {addedWords}, {countOf(skipped, "row")} {skippedWords}.
      </Counts>
      {!isDryRun && added > 0 && (
        <p className={styles.quiet}>
          They hold no licence yet, so they are light grey; each page says what to do next.
        </p>
      )}
      {isDryRun && added === 0 && <p>No row can be added. Correct the file and check it again.</p>}
    </>
  );
}

interface AfterProps {
  readonly organisationId: OrganisationId;
  readonly isEnded: boolean;
  readonly onAgain: (() => void) | undefined;
}

function After({ organisationId, isEnded, onAgain }: AfterProps): ReactNode {
  if (!isEnded) return <p className={styles.quiet}>It goes on if you leave this page.</p>;
  return (
    <>
      <Button
        renderRoot={(props) => (
          <Link search={{ organisation: organisationId, status: "unlicensed" }} to="/" {...props} />
        )}
        size="sm"
        variant="filled"
      >
        Show who has no licence
      </Button>
      <Button onClick={onAgain} size="sm">
        Import another file
      </Button>
    </>
  );
}
