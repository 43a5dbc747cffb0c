// Whose directory account is gone: what they hold they keep until somebody unlinks or removes them.

import type { Directory } from "@lockstep/api";
import type { UserId } from "@lockstep/core";
import { Checkbox, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { ShowMore } from "../ShowMore.tsx";
import { useRights } from "../sessions/rights.ts";
import { countOf } from "../ui/format.ts";
import { Section } from "../ui/Section.tsx";
import { TableFoot } from "../ui/Table.tsx";
import ui from "../ui/ui.module.css";
import { useChosen } from "./chosen.ts";
import { OrphanButtons } from "./OrphanButtons.tsx";
import { entriesQuery, type Place } from "./queries.ts";
import styles from "./directories.module.css";

interface OrphansProps {
  readonly place: Place;
  readonly directory: Directory;
}

export function Orphans({ place, directory }: OrphansProps): ReactNode {
  const { organisationId } = place;
  const query = useInfiniteQuery(entriesQuery(place, { state: "missing" }));
  const chosen = useChosen<UserId>(directory.id);
  const mayEdit = useRights()("edit-directory").allowed;
  return (
    <Section aside={<span>{countOf(directory.missing, "user")}</span>} title="Gone from the directory">
      <p className={styles.calm}>
        They still hold a seat, or are active on a workstation. Unlink who stays; remove who has left. Should
        the directory account come back, the link does too.
      </p>
      {chosen.ids.length > 0 && (
        <div aria-label="Chosen orphans" className={styles.selection} role="region">
          <p aria-live="polite">{countOf(chosen.ids.length, "user")} chosen</p>
          <span className={styles.spacer} />
          <OrphanButtons onDone={chosen.clear} organisationId={organisationId} userIds={chosen.ids} />
        </div>
      )}
      <Loaded query={query} skeleton={<Skeleton height={80} />}>
        {({ pages }) => (
          <>
            <ul className={styles.orphans}>
              {pages
                .flatMap((page) => page.entries)
                .map(
                  ({ userId, name, username }) =>
                    userId !== null && (
                      <li key={userId}>
                        {mayEdit && (
                          <Checkbox
                            aria-label={`Choose ${name}`}
                            checked={chosen.has(userId)}
                            onChange={({ currentTarget: { checked } }) => chosen.turn([userId], checked)}
                          />
                        )}
                        <Link
                          className={ui.link}
                          params={{ organisationId, userId }}
                          to="/organisations/$organisationId/users/$userId"
                        >
                          {name}
                        </Link>
                        <span className={styles.quiet}>{username}</span>
                      </li>
                    ),
                )}
            </ul>
            {query.hasNextPage && (
              <TableFoot>
                <ShowMore query={query} />
              </TableFoot>
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}
