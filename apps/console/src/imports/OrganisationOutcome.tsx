// What becomes of a file of organisations and people, or would: how far it is, what was made, and what was skipped.

import type { OrganisationImport } from "@lockstep/api";
import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";

import { organisationsQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { ShowMore } from "../ShowMore.tsx";
import { countOf } from "../ui/format.ts";
import { Progress } from "../ui/Progress.tsx";
import { Section } from "../ui/Section.tsx";
import { Counts } from "./Counts.tsx";
import { organisationImportQuery, organisationImportRowsQuery, type ImportPlace } from "./queries.ts";
import { SkippedRows } from "./SkippedRows.tsx";
import styles from "./imports.module.css";

interface OrganisationOutcomeProps {
  readonly place: ImportPlace;
  /** Left out while it is only a dry run. */
  readonly onAgain?: () => void;
  /** What can be done once a dry run has found somebody to add. */
  readonly children?: (found: OrganisationImport) => ReactNode;
}

export function OrganisationOutcome({ place, onAgain, children }: OrganisationOutcomeProps): ReactNode {
  const query = useQuery(organisationImportQuery(place));
  useOrganisationsAnew(query.data?.organisations ?? 0, query.data?.isDryRun === false);
  return (
    <Loaded isPage={onAgain !== undefined} query={query} skeleton={<Skeleton height={160} radius={10} />}>
      {(reply) => (
        <>
          <Section
            aside={<span>{reply.fileName}</span>}
            title={reply.isDryRun ? "What the import would do" : "Import"}
          >
            <div className={styles.outcome}>
              {reply.endedAt === null ? <Running reply={reply} /> : <Ended reply={reply} />}
              <div className={styles.buttons}>
                {reply.isDryRun ? (
                  reply.endedAt !== null && reply.added > 0 && children?.(reply)
                ) : (
                  <After isEnded={reply.endedAt !== null} onAgain={onAgain} />
                )}
              </div>
            </div>
          </Section>
          {reply.endedAt !== null && <Lists place={place} reply={reply} />}
        </>
      )}
    </Loaded>
  );
}

interface AfterProps {
  readonly isEnded: boolean;
  readonly onAgain: (() => void) | undefined;
}

function After({ isEnded, onAgain }: AfterProps): ReactNode {
  if (!isEnded) return <p className={styles.quiet}>It goes on if you leave this page.</p>;
  return (
    <Button onClick={onAgain} size="sm">
      Import another file
    </Button>
  );
}

/** What the import has made is to be seen wherever organisations are listed. */
function useOrganisationsAnew(made: number, isCarriedOut: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (isCarriedOut && made > 0) void queries.invalidateQueries(organisationsQuery());
  }, [queries, made, isCarriedOut]);
}

interface ReplyProps {
  readonly reply: OrganisationImport;
}

function Running({ reply: { isDryRun, done, rows } }: ReplyProps): ReactNode {
  return <Progress done={done} label={isDryRun ? "Rows checked" : "Rows imported"} of="rows" total={rows} />;
}

function Ended({ reply }: ReplyProps): ReactNode {
  const { isDryRun, rows, organisations, added, invited, there, skipped } = reply;
  const would = isDryRun ? "would be " : "";
  const who = isDryRun ? "who would be " : "";
  return (
    <>
      <Counts
        counts={[
          [isDryRun ? "Organisations that would be made" : "Organisations made", organisations],
          [`People ${who}added`, added],
          [`Of them ${would}invited`, invited],
          ["People there already", there],
          [`Rows ${isDryRun ? "that would be " : ""}skipped`, skipped],
          ["Rows in all", rows],
        ]}
      >
        {countOf(organisations, "organisation")} {would}made, {countOf(added, "person", "people")} {would}
        added, {countOf(skipped, "row")} {would}skipped.
      </Counts>
      {isDryRun && added === 0 && (
        <p>
          {skipped === 0
            ? "Everybody is there already."
            : "No row can be added. Correct the file and check it again."}
        </p>
      )}
    </>
  );
}

interface MadeProps extends ReplyProps {
  readonly place: ImportPlace;
}

function Lists({ place, reply }: MadeProps): ReactNode {
  return (
    <>
      {reply.organisations > 0 && <Made place={place} reply={reply} />}
      {reply.skipped > 0 && <Skipped place={place} skipped={reply.skipped} />}
    </>
  );
}

function Made({ place, reply: { isDryRun, organisations } }: MadeProps): ReactNode {
  const query = useInfiniteQuery(organisationImportRowsQuery(place, "organisations"));
  return (
    <Section
      aside={<span>{organisations}</span>}
      title={isDryRun ? "Organisations that would be made" : "Organisations made"}
    >
      <Loaded query={query} skeleton={<Skeleton height={80} />}>
        {({ pages }) => (
          <>
            <ul className={styles.made}>
              {pages
                .flatMap(({ rows }) => rows)
                .map(({ row, organisation, organisationId }) => (
                  <li key={row}>
                    {organisationId === null ? (
                      organisation
                    ) : (
                      <Link search={{ organisation: organisationId }} to="/">
                        {organisation}
                      </Link>
                    )}
                  </li>
                ))}
            </ul>
            {query.hasNextPage && (
              <p className={styles.more}>
                <ShowMore query={query} />
              </p>
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}

interface SkippedProps {
  readonly place: ImportPlace;
  readonly skipped: number;
}

function Skipped({ place, skipped }: SkippedProps): ReactNode {
  const query = useInfiniteQuery(organisationImportRowsQuery(place, "skipped"));
  return <SkippedRows ofSeveral query={query} skipped={skipped} />;
}
