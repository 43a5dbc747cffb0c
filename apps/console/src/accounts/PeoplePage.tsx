// Everybody's account, by status, and what can be done to many of them at once.

import type { Counts, UserRow } from "@lockstep/api";
import { accountStatuses, type AccountStatus, type OrganisationId } from "@lockstep/core";
import { Checkbox, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { usersQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { ShowMore } from "../ShowMore.tsx";
import { AccountMark } from "../standing/AccountMark.tsx";
import { StatusChip } from "../standing/StatusChip.tsx";
import { countOf, wordsOfNumber } from "../ui/format.ts";
import { Live } from "../ui/Live.tsx";
import { Note } from "../ui/Note.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { Cell, HeadCell, Table, TableFoot, TickCell } from "../ui/Table.tsx";
import ui from "../ui/ui.module.css";
import { useSelection, type Selection } from "../users/selection.ts";
import { AccountsHead } from "./AccountsHead.tsx";
import type { PeopleFilter } from "./address.ts";
import { ChosenBar } from "./ChosenBar.tsx";
import { HeldRun } from "./HeldRun.tsx";
import styles from "./accounts.module.css";

const route = getRouteApi("/organisations/$organisationId/accounts");
/** Most people first, and what is gone for good last. */
const order = (Object.keys(accountStatuses) as AccountStatus[]).toReversed();

export function PeoplePage(): ReactNode {
  const { organisationId } = route.useParams();
  const filter = route.useSearch();
  const query = useInfiniteQuery(usersQuery(organisationId, filter));
  const selection = useSelection(`${organisationId} ${JSON.stringify(filter)}`);
  const newest = query.data?.pages.at(-1);
  return (
    <>
      <AccountsHead organisationId={organisationId} page="People">
        <Live asOf={newest?.asOf} isFailing={query.isError || query.failureCount > 0} />
      </AccountsHead>
      <HeldRun organisationId={organisationId} />
      <section aria-label="List of accounts" className={styles.card}>
        <Filter counts={newest?.counts.account} filter={filter} />
        <Loaded query={query} skeleton={<Skeleton height={240} />}>
          {({ pages }) => (
            <List
              filter={filter}
              organisationId={organisationId}
              query={query}
              selection={selection}
              users={pages.flatMap((page) => page.users)}
            />
          )}
        </Loaded>
      </section>
    </>
  );
}

interface FilterProps {
  readonly filter: PeopleFilter;
  readonly counts: Counts["account"] | undefined;
}

function Filter({ filter, counts }: FilterProps): ReactNode {
  const navigate = route.useNavigate();
  const narrow = (change: PeopleFilter) =>
    void navigate({ search: (former) => ({ ...former, ...change }), replace: true, resetScroll: false });
  return (
    <div className={styles.filter} role="search">
      <SearchField
        label="Search by the beginning of a name or username"
        onChange={(text) => narrow({ search: text === "" ? undefined : text })}
        value={filter.search ?? ""}
      />
      <ul aria-label="Account status" className={styles.pills}>
        {order.map((status) => (
          <li key={status}>
            <button
              aria-pressed={filter.account === status}
              onClick={() => narrow({ account: filter.account === status ? undefined : status })}
              type="button"
            >
              <strong>{counts === undefined ? "–" : wordsOfNumber(counts[status])}</strong>{" "}
              {accountStatuses[status].label}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface ListProps {
  readonly organisationId: OrganisationId;
  readonly filter: PeopleFilter;
  readonly users: readonly UserRow[];
  readonly selection: Selection;
  readonly query: {
    readonly isPlaceholderData: boolean;
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
}

function List({ organisationId, filter, users, selection, query }: ListProps): ReactNode {
  if (users.length === 0) return <Note title="Nobody found" />;
  return (
    <div aria-busy={query.isPlaceholderData}>
      <ChosenBar
        filter={filter}
        hasMore={query.hasNextPage}
        organisationId={organisationId}
        selection={selection}
      />
      <Table
        caption="Accounts by name"
        columns={["Name", "Account", "Encryption", "Team"]}
        tick={<TickAll selection={selection} users={users} />}
      >
        {users.map((user) => (
          <Row key={user.id} organisationId={organisationId} selection={selection} user={user} />
        ))}
      </Table>
      <TableFoot action={<ShowMore query={query} />}>
        {query.hasNextPage && "The first "}
        {countOf(users.length, "person", "people")}
      </TableFoot>
    </div>
  );
}

interface TickAllProps {
  readonly selection: Selection;
  readonly users: readonly UserRow[];
}

function TickAll({ selection, users }: TickAllProps): ReactNode {
  const chosen = users.filter(({ id }) => selection.has(id)).length;
  return (
    <Checkbox
      aria-label="Choose all that are shown"
      checked={chosen === users.length}
      indeterminate={chosen > 0 && chosen < users.length}
      onChange={({ currentTarget: { checked } }) => selection.turn(users, checked)}
    />
  );
}

interface RowProps {
  readonly organisationId: OrganisationId;
  readonly user: UserRow;
  readonly selection: Selection;
}

function Row({ organisationId, user, selection }: RowProps): ReactNode {
  const { id, name, username, team, encryption, account } = user;
  return (
    <tr>
      <TickCell>
        <Checkbox
          aria-label={`Choose ${name}`}
          checked={selection.has(id)}
          onChange={({ currentTarget: { checked } }) => selection.turn([user], checked)}
        />
      </TickCell>
      <HeadCell about={username}>
        <Link
          className={ui.link}
          params={{ organisationId, userId: id }}
          to="/organisations/$organisationId/users/$userId"
        >
          {name}
        </Link>
      </HeadCell>
      <Cell narrow="corner">
        <AccountMark account={account} />
      </Cell>
      <Cell narrow="line">{account !== "deleted" && <StatusChip status={encryption} />}</Cell>
      <Cell isQuiet narrow="away">
        {team}
      </Cell>
    </tr>
  );
}
