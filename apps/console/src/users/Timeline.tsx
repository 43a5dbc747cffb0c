// Everything that touched a user, newest first: the own changes, and those of team, licence and organisation.

import type { TimelineEntry } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { timelineQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { Moment } from "../ui/Moment.tsx";
import { Section } from "../ui/Section.tsx";
import { firstEntries, mostEntries } from "./timeline.ts";
import styles from "./user.module.css";

interface TimelineProps {
  readonly organisationId: OrganisationId;
  readonly userId: UserId;
}

export function Timeline({ organisationId, userId }: TimelineProps): ReactNode {
  const [limit, setLimit] = useState(firstEntries);
  const query = useQuery(timelineQuery(organisationId, userId, limit));
  return (
    <Section title="Timeline">
      <Loaded query={query} skeleton={<Skeleton className={styles.lineSkeleton ?? ""} height={80} />}>
        {({ entries }) => (
          <>
            {entries.length === 0 && <p className={styles.calm}>Nothing is recorded yet.</p>}
            <ol className={styles.timeline}>
              {entries.map((entry) => (
                <Entry entry={entry} key={entry.id} />
              ))}
            </ol>
            {entries.length === limit && limit < mostEntries && (
              <p className={styles.more}>
                <Button loading={query.isPlaceholderData} onClick={() => setLimit(mostEntries)}>
                  Show more
                </Button>
              </p>
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Entry({ entry }: { readonly entry: TimelineEntry }): ReactNode {
  const { at, sentence, by, of } = entry;
  return (
    <li data-of={of}>
      <span className={styles.entrySentence}>{sentence}</span>
      <span className={styles.source}>
        <Moment at={at} isAbsolute /> · by {by}
        {of !== "user" && <span className={styles.of}>{of}</span>}
      </span>
    </li>
  );
}
