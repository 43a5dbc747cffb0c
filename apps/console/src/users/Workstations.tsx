// The workstations that a user is active on: what each holds, when it last reported, what is on its way to it.

import type { Standing } from "@lockstep/api";
import type { ReactNode } from "react";

import { countOf } from "../ui/format.ts";
import { CheckIcon, ClockIcon, CrossIcon } from "../ui/icons.tsx";
import { Moment } from "../ui/Moment.tsx";
import { Section } from "../ui/Section.tsx";
import { updateKindWords, updateStateWords } from "./words.ts";
import styles from "./user.module.css";

type Workstation = Standing["workstations"][number];

interface WorkstationsProps {
  readonly workstations: readonly Workstation[];
}

export function Workstations({ workstations }: WorkstationsProps): ReactNode {
  const differing = workstations.filter(({ matches }) => !matches).length;
  const summary =
    differing > 0
      ? `${differing} of ${workstations.length} differ`
      : countOf(workstations.length, "active", "active");
  return (
    <Section aside={workstations.length > 0 && <span>{summary}</span>} title="Workstations">
      {workstations.length === 0 ? (
        <p className={styles.calm}>The user is active on no workstation.</p>
      ) : (
        <ul className={styles.workstations}>
          {workstations.map((workstation) => (
            <li key={workstation.id}>
              <WorkstationLine workstation={workstation} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function WorkstationLine({ workstation }: { readonly workstation: Workstation }): ReactNode {
  const { name, matches, version, lastReportAt, updates } = workstation;
  return (
    <>
      <div className={styles.machine}>
        <span className={styles.machineName}>{name}</span>
        <Match matches={matches} isOnItsWay={updates.some(({ kind }) => kind === "key-file")} />
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
      {updates.length > 0 && (
        <ul aria-label={`Outstanding updates of ${name}`} className={styles.updates}>
          {updates.map(({ id, kind, state, postedAt }) => (
            <li key={id}>
              <strong>{updateKindWords[kind]}</strong> {updateStateWords[state]} · posted{" "}
              <Moment at={postedAt} />
            </li>
          ))}
        </ul>
      )}
    </>
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
