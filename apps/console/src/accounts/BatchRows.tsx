// What became of each account of a batch, or would.

import type { AccountBatch } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { ShowMore } from "../ShowMore.tsx";
import { CheckIcon, ClockIcon, CrossIcon } from "../ui/icons.tsx";
import { batchRowsQuery } from "./queries.ts";
import styles from "./accounts.module.css";

interface BatchRowsProps {
  readonly organisationId: OrganisationId;
  readonly batch: AccountBatch;
}

export function BatchRows({ organisationId, batch }: BatchRowsProps): ReactNode {
  const stage = batch.done + batch.cancelled;
  const query = useInfiniteQuery(batchRowsQuery(organisationId, batch.id, stage));
  return (
    <div aria-label="Verdict for each account" className={styles.verdicts} role="region" tabIndex={0}>
      <Loaded query={query} skeleton={<Skeleton height={120} />}>
        {({ pages }) => (
          <>
            <ul>
              {pages
                .flatMap(({ rows }) => rows)
                .map(({ row, user, verdict, sentence }) => (
                  <VerdictLine
                    key={row}
                    name={user.name}
                    sentence={sentence ?? wordsOf(verdict)}
                    username={user.username}
                    verdict={verdictKind(verdict)}
                  />
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
    </div>
  );
}

type VerdictKind = "good" | "bad" | "waiting";

function verdictKind(verdict: string | null): VerdictKind {
  if (verdict === null) return "waiting";
  return verdict === "done" || verdict === "would-be-done" ? "good" : "bad";
}

function wordsOf(verdict: string | null): string {
  if (verdict === null) return "Waits.";
  return verdict === "done" ? "Done." : "Would be done.";
}

const icons = { good: CheckIcon, bad: CrossIcon, waiting: ClockIcon } as const;

interface VerdictLineProps {
  readonly name: string;
  readonly username: string;
  readonly verdict: VerdictKind;
  readonly sentence: string;
}

/** One account: whether it goes, and why not. */
function VerdictLine({ name, username, verdict, sentence }: VerdictLineProps): ReactNode {
  const Icon = icons[verdict];
  return (
    <li data-verdict={verdict}>
      <Icon />
      <span className={styles.verdictName}>
        {name} <span className={styles.quiet}>{username}</span>
      </span>
      <span className={styles.sentence}>{sentence}</span>
    </li>
  );
}
