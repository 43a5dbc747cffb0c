// The pages of users read so far, one under the other, and what to say when there are none.

import type { Counts, UserRow as Row } from "@lockstep/api";
import { accountStatuses, encryptionStatuses, type OrganisationId } from "@lockstep/core";
import { Button, Checkbox } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { KeyboardEvent, ReactNode } from "react";

import { ShowMore } from "../ShowMore.tsx";
import { countOf, wordsOfNumber } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { filterOf, type OverviewSearch } from "./filter.ts";
import type { Selection } from "./selection.ts";
import { SelectionBar } from "./SelectionBar.tsx";
import { UserRow } from "./UserRow.tsx";
import styles from "./list.module.css";

const route = getRouteApi("/");

interface UserListProps {
  readonly organisationId: OrganisationId;
  readonly pages: readonly { readonly users: readonly Row[]; readonly counts: Counts }[];
  readonly query: {
    readonly isPlaceholderData: boolean;
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
  /** Left out: nothing can be done to several at once. */
  readonly selection: Selection | undefined;
}

export function UserList({ organisationId, pages, query, selection }: UserListProps): ReactNode {
  const search = route.useSearch();
  const users = pages.flatMap((page) => page.users);
  const isOld = query.isPlaceholderData;
  if (users.length === 0) return <Nobody search={search} />;
  return (
    <div aria-busy={isOld} className={styles.list} data-old={isOld}>
      {selection && (
        <SelectionBar
          filter={filterOf(search)}
          hasMore={query.hasNextPage}
          organisationId={organisationId}
          selection={selection}
          total={totalOf(search, pages.at(-1)?.counts)}
        />
      )}
      <table className={styles.table} data-ticks={selection !== undefined}>
        <caption className={styles.hidden}>Users by name</caption>
        <thead>
          <tr>
            {selection && (
              <th className={styles.tick}>
                <TickAll selection={selection} users={users} />
              </th>
            )}
            <th scope="col">Name</th>
            <th scope="col">Status</th>
            <th scope="col">Account</th>
            <th scope="col">Team</th>
            <th scope="col">Username</th>
          </tr>
        </thead>
        <tbody onKeyDown={walkRows}>
          {users.map((user) => (
            <UserRow
              isChosen={selection?.has(user.id)}
              key={user.id}
              onChoose={(isChosen) => selection?.turn([user], isChosen)}
              organisationId={organisationId}
              user={user}
            />
          ))}
        </tbody>
      </table>
      <div className={styles.foot}>
        <span>{shownOf(users.length, query.hasNextPage, totalOf(search, pages.at(-1)?.counts))}</span>
        <ShowMore query={query} />
      </div>
    </div>
  );
}

interface TickAllProps {
  readonly selection: Selection;
  readonly users: readonly Row[];
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

/** How many there are in all, where the counts say so. */
function totalOf({ search, account, status }: OverviewSearch, counts: Counts | undefined): number | null {
  if (counts === undefined || search !== undefined || (account && status)) return null;
  if (account) return counts.account[account];
  if (status) return counts.encryption[status];
  return Object.values(counts.encryption).reduce((sum, count) => sum + count, 0);
}

function shownOf(shown: number, hasMore: boolean, total: number | null): string {
  if (!hasMore) return countOf(shown, "user");
  return total === null
    ? `The first ${countOf(shown, "user")}`
    : `${wordsOfNumber(shown)} of ${countOf(total, "user")}`;
}

/** The arrows go from row to row. */
function walkRows(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("th a")];
  const at = links.findIndex((link) => link.closest("tr")?.contains(document.activeElement));
  const next = links[event.key === "ArrowDown" ? at + 1 : at - 1];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

function Nobody({ search }: { readonly search: OverviewSearch }): ReactNode {
  const { status, account, search: text, organisation, team } = search;
  const isFiltered = status ?? account ?? text;
  if (isFiltered === undefined)
    return <Note title="Nobody is here yet.">{team && "The team has no users."}</Note>;
  const parts = [
    status && `in the status “${encryptionStatuses[status].label}”`,
    account && `with the account status “${accountStatuses[account].label}”`,
    text && `whose name or username begins with “${text}”`,
  ];
  return (
    <Note
      action={
        <Button renderRoot={(props) => <Link search={{ organisation, team }} to="/" {...props} />}>
          Show everybody
        </Button>
      }
      title="Nobody found"
    >
      There is nobody {parts.filter((part) => part !== undefined).join(" and ")}.
    </Note>
  );
}
