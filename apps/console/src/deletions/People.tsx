// Everybody whom a deletion would concern, by name.

import type { DeletionPreview } from "@lockstep/api";
import { Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { ShowMore } from "../ShowMore.tsx";
import { countOf, wordsOfNumber } from "../ui/format.ts";
import { Section } from "../ui/Section.tsx";
import { Cell, HeadCell, Table, TableFoot } from "../ui/Table.tsx";
import ui from "../ui/ui.module.css";
import { concernedPeopleQuery, type Whole } from "./queries.ts";
import styles from "./deletions.module.css";

interface PeopleProps {
  readonly whole: Whole;
  readonly preview: DeletionPreview;
}

export function People({ whole, preview }: PeopleProps): ReactNode {
  const query = useInfiniteQuery(concernedPeopleQuery(whole));
  const isMany = whole.kind === "authority";
  const nameOf = new Map(preview.organisations.map(({ id, name }) => [id, name]));
  return (
    <Section aside={<span>{wordsOfNumber(preview.people)}</span>} title="Whom it concerns">
      <Loaded query={query} skeleton={<Skeleton height={160} />}>
        {({ pages }) => {
          const people = pages.flatMap((page) => page.people);
          if (people.length === 0) return <p className={styles.about}>Nobody is in there.</p>;
          return (
            <>
              <Table
                caption="Everybody concerned"
                columns={isMany ? ["Person", "Organisation", "Workstations"] : ["Person", "Workstations"]}
                isFirst
              >
                {people.map(({ id: userId, organisationId, name, username, workstations }) => (
                  <tr key={userId}>
                    <HeadCell about={username}>
                      <Link
                        className={ui.link}
                        params={{ organisationId, userId }}
                        to="/organisations/$organisationId/users/$userId"
                      >
                        {name}
                      </Link>
                    </HeadCell>
                    {isMany && (
                      <Cell isQuiet narrow="line">
                        {nameOf.get(organisationId)}
                      </Cell>
                    )}
                    <Cell isQuiet narrow="line">
                      {workstations > 0 && `${countOf(workstations, "workstation")} to wipe`}
                    </Cell>
                  </tr>
                ))}
              </Table>
              <TableFoot action={<ShowMore query={query} />}>
                {query.hasNextPage && "The first "}
                {countOf(people.length, "person", "people")}
              </TableFoot>
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}
