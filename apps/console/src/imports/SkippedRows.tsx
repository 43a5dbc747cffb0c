// The rows that were skipped, or would be, each with the sentence that says why.

import { Skeleton } from "@mantine/core";
import type { UseInfiniteQueryResult, InfiniteData } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { ShowMore } from "../ShowMore.tsx";
import { countOf } from "../ui/format.ts";
import { Section } from "../ui/Section.tsx";
import styles from "./imports.module.css";

interface SkippedRow {
  readonly row: number;
  readonly username: string | null;
  readonly sentence: string;
  /** Where the rows of a file are of several. */
  readonly organisation?: string | null;
}

interface SkippedRowsProps {
  readonly query: UseInfiniteQueryResult<InfiniteData<{ readonly rows: readonly SkippedRow[] }>>;
  readonly skipped: number;
  /** Whether rows name an organisation. */
  readonly ofSeveral?: boolean;
}

export function SkippedRows({ query, skipped, ofSeveral = false }: SkippedRowsProps): ReactNode {
  return (
    <Section aside={<span>{countOf(skipped, "row")}</span>} title="Skipped rows">
      <Loaded query={query} skeleton={<Skeleton height={120} />}>
        {({ pages }) => (
          <>
            <table className={styles.rows}>
              <caption className={styles.hiddenStatus}>Rows that are not added, and why</caption>
              <thead>
                <tr>
                  <th scope="col">Row</th>
                  {ofSeveral && <th scope="col">Organisation</th>}
                  <th scope="col">Username</th>
                  <th scope="col">Why</th>
                </tr>
              </thead>
              <tbody>
                {pages
                  .flatMap(({ rows }) => rows)
                  .map(({ row, organisation, username, sentence }) => (
                    <tr key={row}>
                      <th scope="row">{row}</th>
                      {ofSeveral && <td>{organisation}</td>}
                      <td>{username}</td>
                      <td>{sentence}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
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
