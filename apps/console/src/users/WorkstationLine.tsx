// One of a user's workstations: what it holds and what it should, when it last reported, and what is on its way to it.

import type { Standing, Update } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { workstationQuery } from "../api.ts";
import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { CheckIcon, ClockIcon, CrossIcon } from "../ui/icons.tsx";
import { Moment } from "../ui/Moment.tsx";
import ui from "../ui/ui.module.css";
import { CancelButton } from "../updates/CancelButton.tsx";
import {
  hasFailed,
  isOutstanding,
  updateStateWords,
  wordsOfProgress,
  wordsOfUpdate,
} from "../updates/words.ts";
import { StateMarks } from "../workstations/StateMarks.tsx";
import styles from "./user.module.css";

type Workstation = Standing["workstations"][number];

interface WorkstationLineProps {
  readonly organisationId: OrganisationId;
  readonly workstation: Workstation;
  /** Of this user to this workstation, newest first; none where one may not see them. */
  readonly updates: readonly Update[];
  readonly onCommand: (() => void) | undefined;
  readonly onLost: (() => void) | undefined;
}

export function WorkstationLine(props: WorkstationLineProps): ReactNode {
  const { organisationId, workstation, updates, onCommand, onLost } = props;
  const { id, name, matches, version, lastReportAt } = workstation;
  const seesMachine = useRights()("read-standing").allowed;
  return (
    <>
      <div className={styles.machine}>
        <MachineName organisationId={organisationId} workstation={workstation} />
        <Match isOnItsWay={workstation.updates.some(({ kind }) => kind === "key-file")} matches={matches} />
        <span className={styles.machineFact}>
          {version === 0 ? "no Key-File yet" : `Key-File version ${version}`}
        </span>
        <span className={styles.machineFact}>
          {lastReportAt === null ? (
            "never reported"
          ) : (
            <>
              reported <Moment at={lastReportAt} />
            </>
          )}
        </span>
      </div>
      <UpdatesOf organisationId={organisationId} updates={updates} workstation={workstation} />
      {seesMachine && (
        <div className={styles.machineActions}>
          {onCommand && (
            <ActionButton label={`Command for ${name}`} onClick={onCommand}>
              Command
            </ActionButton>
          )}
          {onLost && (
            <ActionButton label={`Declare lost: ${name}`} onClick={onLost}>
              Declare lost
            </ActionButton>
          )}
          <OtherStates id={id} organisationId={organisationId} />
        </div>
      )}
    </>
  );
}

function MachineName({
  organisationId,
  workstation: { id, name },
}: Pick<WorkstationLineProps, "organisationId" | "workstation">): ReactNode {
  if (!useRights()("read-standing").allowed) return <span className={styles.machineName}>{name}</span>;
  return (
    <span className={styles.machineName}>
      <Link
        className={ui.link}
        params={{ organisationId, workstationId: id }}
        to="/organisations/$organisationId/workstations/$workstationId"
      >
        {name}
      </Link>
    </span>
  );
}

/** The machine's own states, which are no colour of the user's: locked, silent, and so on. */
function OtherStates({
  organisationId,
  id,
}: {
  readonly organisationId: OrganisationId;
  readonly id: Workstation["id"];
}): ReactNode {
  const { data } = useQuery(workstationQuery(organisationId, id));
  const states = data?.states.filter((state) => state !== "normal") ?? [];
  return states.length > 0 && <StateMarks states={states} />;
}

/** What is outstanding, and the newest one if it failed: with that nothing has changed. */
function UpdatesOf({
  organisationId,
  workstation,
  updates,
}: Pick<WorkstationLineProps, "organisationId" | "workstation" | "updates">): ReactNode {
  const [newest] = updates;
  const known = updates.filter((update) => isOutstanding(update) || (update === newest && hasFailed(update)));
  if (known.length > 0) {
    return (
      <ul aria-label={`Outstanding updates of ${workstation.name}`} className={styles.updates}>
        {known.map((update) => (
          <li data-failed={hasFailed(update)} key={update.id}>
            <span>
              <strong>{wordsOfUpdate(update)}</strong>: {wordsOfProgress(update)} · posted{" "}
              <Moment at={update.postedAt} />
            </span>
            <CancelButton organisationId={organisationId} update={update} />
          </li>
        ))}
      </ul>
    );
  }
  if (workstation.updates.length === 0) return null;
  return (
    <ul aria-label={`Outstanding updates of ${workstation.name}`} className={styles.updates}>
      {workstation.updates.map(({ id, kind, state, postedAt }) => (
        <li key={id}>
          <span>
            <strong>{wordsOfUpdate({ kind, version: null })}</strong> {updateStateWords[state].toLowerCase()}{" "}
            · posted <Moment at={postedAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}

interface MatchProps {
  readonly matches: boolean;
  /** A Key-File is posted: what matches is what the workstation will hold. */
  readonly isOnItsWay: boolean;
}

function Match({ matches, isOnItsWay }: MatchProps): ReactNode {
  const colour = matches ? (isOnItsWay ? "update-pending" : "active") : "update-required";
  return (
    <span className={styles.matches} data-encryption={colour}>
      {matches ? isOnItsWay ? <ClockIcon /> : <CheckIcon /> : <CrossIcon />}
      {matches ? (isOnItsWay ? "Will match" : "Matches") : "Differs"}
    </span>
  );
}
