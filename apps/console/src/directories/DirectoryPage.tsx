// One directory: how it is with it, who is in it, who is gone from it, when it was read, and what can be done.

import type { Directory } from "@lockstep/api";
import { Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { Breadcrumbs } from "../ui/Breadcrumbs.tsx";
import { wordsOfMoment } from "../ui/format.ts";
import { Live } from "../ui/Live.tsx";
import { Note } from "../ui/Note.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { DirectoryActions } from "./DirectoryActions.tsx";
import { DirectoryFacts } from "./DirectoryFacts.tsx";
import { DirectoryMark } from "./DirectoryMark.tsx";
import { HeldPlan } from "./HeldPlan.tsx";
import { Orphans } from "./Orphans.tsx";
import { People } from "./People.tsx";
import { directoryQuery, isAtWork, runQuery, runsQuery, type Place, type RunId } from "./queries.ts";
import { RunList } from "./RunList.tsx";
import { RunProgress } from "./RunProgress.tsx";
import styles from "./directories.module.css";

const route = getRouteApi("/organisations/$organisationId/directories/$directoryId");

export function DirectoryPage(): ReactNode {
  const place = route.useParams();
  const query = useQuery(directoryQuery(place));
  useDocumentTitle(`${query.data?.name ?? "Directory"} · Lockstep`);
  const asOf = query.dataUpdatedAt === 0 ? undefined : new Date(query.dataUpdatedAt).toISOString();
  return (
    <Loaded isPage query={query} skeleton={<Skeleton height={320} radius={10} />}>
      {(directory) => (
        <>
          <div className={styles.where}>
            <Where name={directory.name} place={place} />
            <Live asOf={asOf} isFailing={query.isError || query.failureCount > 0} />
          </div>
          <PageHead actions={<DirectoryActions directory={directory} place={place} />} title={directory.name}>
            <DirectoryMark directory={directory} />
          </PageHead>
          <Failing directory={directory} />
          <AtWork place={place} />
          {directory.heldRunId !== null && <Held place={place} runId={directory.heldRunId} />}
          <div className={styles.columns}>
            <div className={styles.column}>
              {directory.missing > 0 && <Orphans directory={directory} place={place} />}
              <People directory={directory} place={place} />
            </div>
            <div className={styles.column}>
              <RunList place={place} />
              <DirectoryFacts directory={directory} organisationId={place.organisationId} />
            </div>
          </div>
        </>
      )}
    </Loaded>
  );
}

function Where({
  place: { organisationId },
  name,
}: {
  readonly place: Place;
  readonly name: string;
}): ReactNode {
  const all = (
    <Link params={{ organisationId }} to="/organisations/$organisationId/directories">
      Directories
    </Link>
  );
  return (
    <Breadcrumbs
      parts={[
        { key: "all", content: all },
        { key: "here", content: name },
      ]}
    />
  );
}

function Failing({
  directory: { failure, failingSince, nextRunAt, isOn },
}: {
  readonly directory: Directory;
}): ReactNode {
  if (failure === null) return null;
  const isPaused = isOn && nextRunAt === null;
  return (
    <Note isLine title={`It cannot be read. ${failure.sentence}`} tone="bad">
      Since {wordsOfMoment(failingSince ?? "")}. {failure.remedy}
      {isPaused ? "" : " Nobody is lost by that."}
    </Note>
  );
}

/** The newest run, while a server works at it. */
function AtWork({ place }: { readonly place: Place }): ReactNode {
  const newest = useInfiniteQuery(runsQuery(place)).data?.pages[0]?.runs[0];
  if (newest === undefined || !isAtWork(newest)) return null;
  return (
    <section aria-label="The run at work" className={styles.card}>
      <RunProgress place={place} run={newest} />
    </section>
  );
}

function Held({ place, runId }: { readonly place: Place; readonly runId: RunId }): ReactNode {
  const { data } = useQuery(runQuery(place, runId));
  return data && <HeldPlan hasLink place={place} run={data} />;
}
