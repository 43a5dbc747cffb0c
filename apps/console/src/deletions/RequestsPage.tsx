// Who asked for the own account to be deleted. To look at: nobody deletes somebody else's.

import type { DeletionRequest } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { AccountsHead } from "../accounts/AccountsHead.tsx";
import accounts from "../accounts/accounts.module.css";
import { Loaded } from "../Loaded.tsx";
import { ShowMore } from "../ShowMore.tsx";
import { countOf, wordsOfAge } from "../ui/format.ts";
import { Moment } from "../ui/Moment.tsx";
import { Note } from "../ui/Note.tsx";
import { Cell, HeadCell, Table, TableFoot } from "../ui/Table.tsx";
import ui from "../ui/ui.module.css";
import { deletionRequestsQuery } from "./queries.ts";

const route = getRouteApi("/organisations/$organisationId/accounts/deletions");

export function RequestsPage(): ReactNode {
  const { organisationId } = route.useParams();
  const query = useInfiniteQuery(deletionRequestsQuery(organisationId));
  return (
    <>
      <AccountsHead organisationId={organisationId} page="Deletions" />
      <section aria-label="Who asked for deletion" className={accounts.card}>
        <Loaded query={query} skeleton={<Skeleton height={200} />}>
          {({ pages }) => (
            <List
              organisationId={organisationId}
              query={query}
              requests={pages.flatMap(({ requests }) => requests)}
            />
          )}
        </Loaded>
      </section>
      <p className={accounts.quiet}>
        Only its owner asks for an account to be deleted, and withdraws that within seven days. The system
        then does it; nobody hastens or prevents it. Unblocking an account, and its enabling by mail, end the
        request.
      </p>
    </>
  );
}

interface ListProps {
  readonly organisationId: OrganisationId;
  readonly requests: readonly DeletionRequest[];
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
}

function List({ organisationId, requests, query }: ListProps): ReactNode {
  if (requests.length === 0) {
    return (
      <Note title="Nobody has asked.">
        Whoever wants the own account deleted says so on the page “Your account”.
      </Note>
    );
  }
  return (
    <>
      <Table
        caption="Who asked for the own account to be deleted, what is due first coming first"
        columns={["Person", "Asked", "Due", "What follows"]}
        isFirst
      >
        {requests.map((request) => (
          <Row key={request.user.id} organisationId={organisationId} request={request} />
        ))}
      </Table>
      <TableFoot action={<ShowMore query={query} />}>
        {query.hasNextPage && "The first "}
        {countOf(requests.length, "request")}
      </TableFoot>
    </>
  );
}

interface RowProps {
  readonly organisationId: OrganisationId;
  readonly request: DeletionRequest;
}

function Row({ organisationId, request }: RowProps): ReactNode {
  const { user, requestedAt, dueAt } = request;
  return (
    <tr>
      <HeadCell about={user.username}>
        <Link
          className={ui.link}
          params={{ organisationId, userId: user.id }}
          to="/organisations/$organisationId/users/$userId"
        >
          {user.name}
        </Link>
      </HeadCell>
      <Cell isQuiet label="Asked" narrow="line">
        <Moment at={requestedAt} isAbsolute />
      </Cell>
      <Cell label="Due" narrow="line">
        <Moment at={dueAt} isAbsolute />
      </Cell>
      <Cell isQuiet narrow="line">
        {whatFollows(request)}
      </Cell>
    </tr>
  );
}

function whatFollows({ dueAt, isLastAdministrator }: DeletionRequest): string {
  if (isLastAdministrator) return "Waits: the last administrator. Nobody else can do what this user does.";
  const now = new Date();
  if (new Date(dueAt) <= now) return "Is being carried out.";
  return `Deleted ${wordsOfAge(dueAt, now)}, unless withdrawn.`;
}
