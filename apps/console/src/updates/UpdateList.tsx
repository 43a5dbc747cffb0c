// Updates as a table, newest first: what, for whom and where, how far it has come, and taking it back.

import type { Update } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Moment } from "../ui/Moment.tsx";
import { Cell, HeadCell, Table } from "../ui/Table.tsx";
import ui from "../ui/ui.module.css";
import { CancelButton } from "./CancelButton.tsx";
import { UpdateMark } from "./UpdateMark.tsx";
import { wordsOfProgress, wordsOfUpdate } from "./words.ts";
import styles from "./updates.module.css";

interface UpdateListProps {
  readonly organisationId: OrganisationId;
  readonly updates: readonly Update[];
}

export function UpdateList({ organisationId, updates }: UpdateListProps): ReactNode {
  return (
    <Table
      caption="Updates, newest first"
      columns={["Update", "State", "User", "Workstation", "Posted", "(Actions)"]}
    >
      {updates.map((update) => (
        <UpdateRow key={update.id} organisationId={organisationId} update={update} />
      ))}
    </Table>
  );
}

interface UpdateRowProps {
  readonly organisationId: OrganisationId;
  readonly update: Update;
}

function UpdateRow({ organisationId, update }: UpdateRowProps): ReactNode {
  const { user, workstation, by, postedAt, fetchedAt, endedAt } = update;
  const since = endedAt ?? fetchedAt;
  return (
    <tr>
      <HeadCell>{wordsOfUpdate(update)}</HeadCell>
      <Cell narrow="line">
        <div className={styles.state}>
          <UpdateMark update={update} />
          <span className={styles.quiet}>
            {wordsOfProgress(update)}
            {since !== null && (
              <>
                , <Moment at={since} />
              </>
            )}
          </span>
        </div>
      </Cell>
      <Cell>
        <Link
          className={ui.link}
          params={{ organisationId, userId: user.id }}
          to="/organisations/$organisationId/users/$userId"
        >
          {user.name}
        </Link>
      </Cell>
      <Cell narrow="end">
        <Link
          className={styles.machine}
          params={{ organisationId, workstationId: workstation.id }}
          to="/organisations/$organisationId/workstations/$workstationId"
        >
          {workstation.name}
        </Link>
      </Cell>
      <Cell isQuiet narrow="line">
        <Moment at={postedAt} /> by {by}
      </Cell>
      <Cell isTight narrow="corner">
        <CancelButton organisationId={organisationId} update={update} />
      </Cell>
    </tr>
  );
}
