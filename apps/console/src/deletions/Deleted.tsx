// The organisations that were deleted, and how far erasing everybody in them has come.

import type { Deletion } from "@lockstep/api";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { countOf } from "../ui/format.ts";
import { Moment } from "../ui/Moment.tsx";
import { Progress } from "../ui/Progress.tsx";
import { Section } from "../ui/Section.tsx";
import { deletionsQuery } from "./queries.ts";
import styles from "./deletions.module.css";

/** Nothing where nothing was deleted. */
export function Deleted(): ReactNode {
  const { data } = useQuery(deletionsQuery());
  if (data === undefined || data.deletions.length === 0) return null;
  return (
    <Section aside={<span>{data.deletions.length}</span>} title="Deleted organisations">
      <ul className={styles.deleted}>
        {data.deletions.map((deletion) => (
          <li key={deletion.organisationId}>
            <p className={styles.name}>{deletion.organisation}</p>
            <p className={styles.quiet}>
              {deletion.authority !== null && `${deletion.authority} · `}
              deleted <Moment at={deletion.deletedAt} />
            </p>
            <HowFar deletion={deletion} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function HowFar({ deletion }: { readonly deletion: Deletion }): ReactNode {
  const { organisation, people, erased, wipesDue, endedAt } = deletion;
  if (endedAt !== null) {
    return (
      <p className={styles.quiet}>
        Done <Moment at={endedAt} />: {countOf(erased, "person", "people")} erased, every key destroyed.
      </p>
    );
  }
  if (people === null) return <p className={styles.quiet}>Erasing begins in a moment.</p>;
  return (
    <>
      <Progress
        done={Math.min(erased, people)}
        label={`People of ${organisation} erased`}
        of="people erased"
        total={people}
      />
      {erased >= people && wipesDue > 0 && (
        <p className={styles.quiet}>
          {countOf(wipesDue, "order", "orders")} to wipe a workstation {wipesDue === 1 ? "waits" : "wait"} for
          the relay, thirty days at most.
        </p>
      )}
    </>
  );
}
