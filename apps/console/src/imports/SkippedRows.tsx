// The rows that were skipped, or would be, each with the sentence that says why.

import type { OrganisationId } from "@lockstep/core";
import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { skippedRowsQuery, type ImportId } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { countOf } from "../ui/format.ts";
import { Section } from "../ui/Section.tsx";
import styles from "./imports.module.css";

interface SkippedRowsProps {
  readonly organisationId: OrganisationId;
  readonly importId: ImportId;
  readonly skipped: number;
}

export function SkippedRows({ organisationId, importId, skipped }: SkippedRowsProps): ReactNode {
  const query = useInfiniteQuery(skippedRowsQuery(organisationId, importId));
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
                  <th scope="col">Username</th>
                  <th scope="col">Why</th>
                </tr>
              </thead>
              <tbody>
                {pages
                  .flatMap(({ rows }) => rows)
                  .map(({ row, username, sentence }) => (
                    <tr key={row}>
                      <th scope="row">{row}</th>
                      <td>{username}</td>
                      <td>{sentence}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
            {query.hasNextPage && (
              <p className={styles.more}>
                <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
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
