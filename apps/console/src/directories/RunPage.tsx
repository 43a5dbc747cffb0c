// One run of a directory: what was read, the plan with what becomes of each person and why, and how far it is applied.

import type { DirectoryRun } from "@lockstep/api";
import { Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { Breadcrumbs } from "../ui/Breadcrumbs.tsx";
import { Fact } from "../ui/Fact.tsx";
import { countOf, wordsOfMoment } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { Section } from "../ui/Section.tsx";
import { HeldPlan } from "./HeldPlan.tsx";
import { Plan } from "./Plan.tsx";
import { directoryQuery, isAtWork, runQuery, type Place } from "./queries.ts";
import { RunProgress } from "./RunProgress.tsx";
import { durationOf, runKindWords, runStateWords } from "./words.ts";
import styles from "./directories.module.css";

const route = getRouteApi("/organisations/$organisationId/directories/$directoryId/runs/$runId");

export function RunPage(): ReactNode {
  const { runId, ...place } = route.useParams();
  const query = useQuery(runQuery(place, runId));
  const { data: directory } = useQuery(directoryQuery(place));
  const name = directory?.name ?? "Directory";
  useDocumentTitle(`A run of ${name} · Lockstep`);
  return (
    <Loaded isPage query={query} skeleton={<Skeleton height={320} radius={10} />}>
      {(run) => (
        <>
          <Where name={name} place={place} run={run} />
          <PageHead title={titleOf(run)}>
            <span className={styles.mark} data-state={run.state}>
              {runStateWords[run.state]}
            </span>
          </PageHead>
          <Shortcomings run={run} />
          {isAtWork(run) && (
            <section aria-label="The run at work" className={styles.card}>
              <RunProgress place={place} run={run} />
            </section>
          )}
          <HeldPlan place={place} run={run} />
          <div className={styles.columns}>
            <Plan place={place} run={run} />
            <RunFacts run={run} />
          </div>
        </>
      )}
    </Loaded>
  );
}

const titleOf = ({ kind, isDryRun }: DirectoryRun) =>
  isDryRun
    ? `What a run would do: ${runKindWords[kind].toLowerCase()}`
    : `Run: ${runKindWords[kind].toLowerCase()}`;

interface WhereProps {
  readonly place: Place;
  readonly name: string;
  readonly run: DirectoryRun;
}

function Where({ place, name, run }: WhereProps): ReactNode {
  const { organisationId } = place;
  return (
    <Breadcrumbs
      parts={[
        {
          key: "all",
          content: (
            <Link params={{ organisationId }} to="/organisations/$organisationId/directories">
              Directories
            </Link>
          ),
        },
        {
          key: "directory",
          content: (
            <Link params={place} to="/organisations/$organisationId/directories/$directoryId">
              {name}
            </Link>
          ),
        },
        { key: "here", content: wordsOfMoment(run.startedAt) },
      ]}
    />
  );
}

/** Why it failed, or why not everybody was read. */
function Shortcomings({ run: { failure, incompleteBecause } }: { readonly run: DirectoryRun }): ReactNode {
  return (
    <>
      {failure !== null && (
        <Note isLine title={failure.sentence} tone="bad">
          {failure.remedy} Nobody was changed by this run.
        </Note>
      )}
      {incompleteBecause !== null && (
        <Note isLine title={incompleteBecause.sentence} tone="bad">
          {incompleteBecause.remedy} Nobody can be seen to be gone by such a run.
        </Note>
      )}
    </>
  );
}

function RunFacts({ run }: { readonly run: DirectoryRun }): ReactNode {
  const { startedAt, by, read, isComplete, kind, confirmedBy, confirmedAt, rows, done } = run;
  const duration = durationOf(run);
  return (
    <Section title="The run">
      <dl className={styles.facts}>
        <Fact name="Began">{wordsOfMoment(startedAt)}</Fact>
        <Fact name="By">{by ?? "the schedule"}</Fact>
        {duration !== "" && <Fact name="Took">{duration}</Fact>}
        <Fact name="Read">
          {countOf(read, "entry", "entries")}
          {kind === "full" && isComplete && ", which is everybody"}
        </Fact>
        <Fact name="Plan">{countOf(rows, "row")}</Fact>
        <Fact name="Applied">{countOf(done, "row")}</Fact>
        {confirmedAt !== null && (
          <Fact name="Confirmed">
            {wordsOfMoment(confirmedAt)} by {confirmedBy}
          </Fact>
        )}
      </dl>
    </Section>
  );
}
