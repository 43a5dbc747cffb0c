// Updates as a table, newest first: what, for whom and where, how far it has come, and taking it back.

import type { Update } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Moment } from "../ui/Moment.tsx";
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
    <table className={styles.table}>
      <caption className={ui.hidden}>Updates, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Update</th>
          <th scope="col">State</th>
          <th scope="col">User</th>
          <th scope="col">Workstation</th>
          <th scope="col">Posted</th>
          <th scope="col">
            <span className={ui.hidden}>Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {updates.map((update) => (
          <UpdateRow key={update.id} organisationId={organisationId} update={update} />
        ))}
      </tbody>
    </table>
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
      <th scope="row">{wordsOfUpdate(update)}</th>
      <td className={styles.state}>
        <UpdateMark update={update} />
        <span className={styles.quiet}>
          {wordsOfProgress(update)}
          {since !== null && (
            <>
              , <Moment at={since} />
            </>
          )}
        </span>
      </td>
      <td>
        <Link
          className={ui.link}
          params={{ organisationId, userId: user.id }}
          to="/organisations/$organisationId/users/$userId"
        >
          {user.name}
        </Link>
      </td>
      <td>
        <Link
          className={styles.machine}
          params={{ organisationId, workstationId: workstation.id }}
          to="/organisations/$organisationId/workstations/$workstationId"
        >
          {workstation.name}
        </Link>
      </td>
      <td className={styles.quiet}>
        <Moment at={postedAt} /> by {by}
      </td>
      <td className={styles.action}>
        <CancelButton organisationId={organisationId} update={update} />
      </td>
    </tr>
  );
}
