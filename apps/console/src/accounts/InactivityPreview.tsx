// What another number of days would do: how many are warned or disabled at once, whether that is held, and who they are.

import type { inactivity } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { z } from "zod";

import { Loaded } from "../Loaded.tsx";
import { countOf, wordsOfNumber } from "../ui/format.ts";
import { Moment } from "../ui/Moment.tsx";
import { Note } from "../ui/Note.tsx";
import ui from "../ui/ui.module.css";
import { inactivityPreviewQuery } from "./queries.ts";
import styles from "./rules.module.css";

type Preview = z.output<typeof inactivity.previewInactivity.reply>;

const restMilliseconds = 200;

interface ShownPreview {
  readonly query: UseQueryResult<Preview>;
  readonly isAsked: boolean;
  /** It is on the screen, and of exactly what would be saved. */
  readonly isKnown: boolean;
}

/** @param days null where nothing would change. */
export function useInactivityPreview(organisationId: OrganisationId, days: number | null): ShownPreview {
  const [rested] = useDebouncedValue(days, restMilliseconds);
  const query = useQuery(inactivityPreviewQuery(organisationId, rested));
  return {
    query,
    isAsked: days !== null,
    isKnown: rested === days && query.isSuccess && !query.isPlaceholderData,
  };
}

interface InactivityPreviewProps {
  readonly organisationId: OrganisationId;
  readonly preview: ShownPreview;
}

export function InactivityPreview({ organisationId, preview }: InactivityPreviewProps): ReactNode {
  if (!preview.isAsked) return null;
  return (
    <div aria-label="What that would do" aria-live="polite" className={styles.preview} role="region">
      <Loaded query={preview.query} skeleton={<Skeleton height={90} />}>
        {(would) => <Would organisationId={organisationId} would={would} />}
      </Loaded>
    </div>
  );
}

interface WouldProps {
  readonly organisationId: OrganisationId;
  readonly would: Preview;
}

function Would({ organisationId, would }: WouldProps): ReactNode {
  const { accounts, disabled, warned, wouldBeHeld, people } = would;
  return (
    <>
      <dl className={styles.counts}>
        <div>
          <dt>disabled at once: warned two weeks ago or earlier</dt>
          <dd>{wordsOfNumber(disabled)}</dd>
        </div>
        <div>
          <dt>warned at once, and disabled in two weeks at the earliest</dt>
          <dd>{wordsOfNumber(warned)}</dd>
        </div>
        <div>
          <dt>accounts in use, neither disabled nor exempt</dt>
          <dd>{wordsOfNumber(accounts)}</dd>
        </div>
      </dl>
      {wouldBeHeld && (
        <Note isLine title="So many at once would be held." tone="bad">
          Nobody is disabled then until an administrator confirms their number.
        </Note>
      )}
      {people.length > 0 && (
        <details className={styles.people}>
          <summary>Who would be disabled soonest: {countOf(people.length, "person", "people")}</summary>
          <ul>
            {people.map(({ id, name, username, disabledOn }) => (
              <li key={id}>
                <span>
                  <Link
                    className={ui.link}
                    params={{ organisationId, userId: id }}
                    to="/organisations/$organisationId/users/$userId"
                  >
                    {name}
                  </Link>{" "}
                  <span className={styles.quiet}>{username}</span>
                </span>
                <span className={styles.quiet}>
                  <Moment at={disabledOn} isAbsolute />
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
