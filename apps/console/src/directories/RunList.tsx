// When a directory was read, by whom, how long it took, and what became of it.

import type { DirectoryRun } from "@lockstep/api";
import { Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { ShowMore } from "../ShowMore.tsx";
import { Moment } from "../ui/Moment.tsx";
import { Section } from "../ui/Section.tsx";
import { TableFoot } from "../ui/Table.tsx";
import { runsQuery, type Place } from "./queries.ts";
import { durationOf, runKindWords, runStateWords, sumsOf } from "./words.ts";
import styles from "./directories.module.css";

export function RunList({ place }: { readonly place: Place }): ReactNode {
  const query = useInfiniteQuery(runsQuery(place));
  return (
    <Section title="Runs">
      <Loaded query={query} skeleton={<Skeleton height={120} />}>
        {({ pages }) => {
          const runs = pages.flatMap((page) => page.runs);
          return runs.length === 0 ? (
            <p className={styles.calm}>It was never read.</p>
          ) : (
            <>
              <ol className={styles.runs}>
                {runs.map((run) => (
                  <RunLine key={run.id} place={place} run={run} />
                ))}
              </ol>
              {query.hasNextPage && (
                <TableFoot>
                  <ShowMore query={query} />
                </TableFoot>
              )}
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

function RunLine({ place, run }: { readonly place: Place; readonly run: DirectoryRun }): ReactNode {
  const { id: runId, kind, state, isDryRun, startedAt, by, isComplete, failure, incompleteBecause } = run;
  const duration = durationOf(run);
  const [shortcoming] = [failure, incompleteBecause].filter((each) => each !== null);
  return (
    <li className={styles.row} data-bad={state === "failed" || state === "held"}>
      <p>
        <Link
          className={styles.fill}
          params={{ ...place, runId }}
          to="/organisations/$organisationId/directories/$directoryId/runs/$runId"
        >
          {runKindWords[kind]}
          {isDryRun && ", dry run"}
        </Link>
        <span className={styles.runState}>{runStateWords[state]}</span>
      </p>
      <p className={styles.quiet}>
        {shortcoming === undefined ? sumsOf(run) : shortcoming.sentence}
        {shortcoming === undefined && kind === "full" && state === "done" && !isComplete && ", not complete"}
      </p>
      <p className={styles.quiet}>
        <Moment at={startedAt} /> by {by ?? "the schedule"}
        {duration !== "" && `, ${duration}`}
      </p>
    </li>
  );
}
