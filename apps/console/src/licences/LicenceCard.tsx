// One licence: its seats as a bar, its days, its state, and what can be done to it.

import type { Licence } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useState, type ReactNode } from "react";

import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { wordsOfNumber } from "../ui/format.ts";
import { AssignPeopleDialog } from "./AssignPeopleDialog.tsx";
import { EditLicenceDialog } from "./EditLicenceDialog.tsx";
import { ReplaceDialog } from "./ReplaceDialog.tsx";
import { ResumeDialog, SuspendDialog } from "./SuspendDialog.tsx";
import { daysLeft, freeSeats, stateWords, termWords, whyNoSeat, wordsOfDay, wordsOfEnd } from "./words.ts";
import styles from "./licences.module.css";

interface LicenceCardProps {
  readonly organisationId: OrganisationId;
  readonly licence: Licence;
  readonly all: readonly Licence[];
}

/** Days at which the end comes into sight. */
const soonDays = 30;

export function LicenceCard({ organisationId, licence, all }: LicenceCardProps): ReactNode {
  const { edition, productId, term, seats, seatsTaken, validFrom, validUntil, state } = licence;
  const now = new Date();
  const days = daysLeft(licence, now);
  const isSoon = state === "valid" && days !== null && days <= soonDays;
  const free = freeSeats(licence);
  return (
    <li className={styles.licence} data-state={state}>
      <div className={styles.head}>
        <h2>{edition}</h2>
        <span className={styles.quiet}>
          {productId} · {termWords[term]}
        </span>
        <span className={styles.state} data-state={isSoon ? "soon" : state}>
          {isSoon ? "Ends soon" : stateWords[state]}
        </span>
      </div>
      <div className={styles.body}>
        <div>
          <p className={styles.seats}>
            <strong>{wordsOfNumber(seatsTaken)}</strong> of {wordsOfNumber(seats)} seats taken
            <span className={styles.free}>{wordsOfNumber(free)} free</span>
          </p>
          <div aria-hidden="true" className={styles.bar} data-full={free === 0}>
            <span style={{ width: `${Math.min((seatsTaken / seats) * 100, 100)}%` }} />
          </div>
        </div>
        <p className={styles.term}>
          <strong data-soon={isSoon || state === "expired"}>{wordsOfEnd(licence, now)}</strong>
          <span className={styles.quiet}>
            {wordsOfDay(validFrom)} – {validUntil === null ? "without end" : wordsOfDay(validUntil)}
          </span>
        </p>
      </div>
      <Actions all={all} licence={licence} organisationId={organisationId} />
    </li>
  );
}

function Actions({ organisationId, licence, all }: LicenceCardProps): ReactNode {
  const [open, setOpen] = useState<"assign" | "edit" | "replace" | "suspend" | "resume" | null>(null);
  if (!useRights()("edit-licences").allowed) return null;
  const { edition, state } = licence;
  const close = () => setOpen(null);
  const dialog = { organisationId, licence, onClose: close };
  const label = (action: string) => `${action}: ${edition}`;
  return (
    <div className={styles.actions}>
      <ActionButton
        label={label("Assign seats")}
        onClick={() => setOpen("assign")}
        why={whyNoSeat(licence, 1)}
      >
        Assign seats
      </ActionButton>
      <ActionButton label={label("Edit")} onClick={() => setOpen("edit")}>
        Edit
      </ActionButton>
      <ActionButton
        label={label("Replace")}
        onClick={() => setOpen("replace")}
        why={all.length < 2 ? "There is no other licence that could take over its seats." : null}
      >
        Replace
      </ActionButton>
      {state === "suspended" ? (
        <ActionButton label={label("Resume")} onClick={() => setOpen("resume")}>
          Resume
        </ActionButton>
      ) : (
        <ActionButton label={label("Suspend")} onClick={() => setOpen("suspend")}>
          Suspend
        </ActionButton>
      )}
      {open === "assign" && <AssignPeopleDialog {...dialog} />}
      {open === "edit" && <EditLicenceDialog {...dialog} />}
      {open === "replace" && <ReplaceDialog {...dialog} all={all} />}
      {open === "suspend" && <SuspendDialog {...dialog} />}
      {open === "resume" && <ResumeDialog {...dialog} />}
    </div>
  );
}
