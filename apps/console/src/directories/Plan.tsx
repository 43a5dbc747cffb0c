// The plan of a run: what becomes of each person, what it means, what to do, and whether it heals by itself.

import { planActions, type DirectoryPlanRow, type DirectoryRun, type PlanAction } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { ShowMore } from "../ShowMore.tsx";
import { countOf, wordsOfNumber } from "../ui/format.ts";
import { Section } from "../ui/Section.tsx";
import { Cell, HeadCell, Table, TableFoot } from "../ui/Table.tsx";
import ui from "../ui/ui.module.css";
import { planQuery, type Place } from "./queries.ts";
import { actionWords } from "./words.ts";
import styles from "./directories.module.css";

const route = getRouteApi("/organisations/$organisationId/directories/$directoryId/runs/$runId");

interface PlanProps {
  readonly place: Place;
  readonly run: DirectoryRun;
}

export function Plan({ place, run }: PlanProps): ReactNode {
  const { action } = route.useSearch();
  // Rows come to be while it plans, and have an outcome when it has ended.
  const query = useInfiniteQuery(planQuery(place, run.id, { action, stage: run.state }));
  return (
    <Section aside={<span>{countOf(run.rows, "row")}</span>} title="Plan">
      <Actions action={action} run={run} />
      <Loaded query={query} skeleton={<Skeleton height={200} />}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.rows);
          return (
            <div aria-busy={query.isPlaceholderData}>
              {rows.length === 0 ? (
                <p className={styles.calm}>{emptyWords(run)}</p>
              ) : (
                <PlanTable organisationId={place.organisationId} rows={rows} />
              )}
              {query.hasNextPage && (
                <TableFoot>
                  <ShowMore query={query} />
                </TableFoot>
              )}
            </div>
          );
        }}
      </Loaded>
    </Section>
  );
}

function emptyWords({ endedAt, rows, state }: DirectoryRun): string {
  if (endedAt === null && state !== "held") return "There is no plan yet.";
  return rows === 0
    ? "Nobody is in the plan: all is here as it is in the directory."
    : "The rows are not kept any more.";
}

interface ActionsProps {
  readonly run: DirectoryRun;
  readonly action: PlanAction | undefined;
}

/** How many rows of each kind, and a way to see them alone. */
function Actions({ run: { counts }, action }: ActionsProps): ReactNode {
  const navigate = route.useNavigate();
  const there = planActions.filter((each) => counts[each] > 0);
  if (there.length === 0) return null;
  return (
    <ul aria-label="Rows of the plan" className={styles.actions}>
      {there.map((each) => (
        <li key={each}>
          <button
            aria-pressed={action === each}
            onClick={() =>
              void navigate({
                search: { action: action === each ? undefined : each },
                replace: true,
                resetScroll: false,
              })
            }
            type="button"
          >
            <strong>{wordsOfNumber(counts[each])}</strong> {actionWords[each].toLowerCase()}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface TableProps {
  readonly organisationId: OrganisationId;
  readonly rows: readonly DirectoryPlanRow[];
}

function PlanTable({ organisationId, rows }: TableProps): ReactNode {
  return (
    <Table
      caption="What becomes of each person, and why"
      columns={["Person", "Becomes", "Why, and what to do"]}
    >
      {rows.map((row) => (
        <PlanLine key={row.row} organisationId={organisationId} row={row} />
      ))}
    </Table>
  );
}

interface LineProps {
  readonly organisationId: OrganisationId;
  readonly row: DirectoryPlanRow;
}

function PlanLine({ organisationId, row }: LineProps): ReactNode {
  const { action, code, name, username, userId, changes, meaning, remedy, heals, outcome } = row;
  const shown = name === "" ? (username ?? row.place) : name;
  return (
    <tr>
      <HeadCell about={username ?? "no username"}>
        {userId === null || action === "remove" ? (
          shown
        ) : (
          <Link
            className={ui.link}
            params={{ organisationId, userId }}
            to="/organisations/$organisationId/users/$userId"
          >
            {shown}
          </Link>
        )}
      </HeadCell>
      <Cell narrow="corner">
        <div className={styles.becomes}>
          {actionWords[action]}
          {outcome === "changed-meanwhile" && (
            <span className={styles.quiet}>left out: changed meanwhile</span>
          )}
        </div>
      </Cell>
      <Cell narrow="line">
        <div className={styles.why}>
          <p>
            {meaning} <code>{code}</code>
          </p>
          {changes.map((change) => (
            <p key={change}>{change}</p>
          ))}
          <p className={styles.quiet}>
            {remedy}
            {heals && " It heals by itself."}
          </p>
        </div>
      </Cell>
    </tr>
  );
}
