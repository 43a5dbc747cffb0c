// The workstations that a user is active on: what each holds, when it last reported, what is on its way to it, and what
// can be told to it.

import type { Standing, Update } from "@lockstep/api";
import type { OrganisationId, WorkstationId } from "@lockstep/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { updatesQuery } from "../api.ts";
import { useRights } from "../sessions/rights.ts";
import { SyncLine } from "../sync/ProxySync.tsx";
import { ActionButton } from "../ui/ActionButton.tsx";
import { countOf } from "../ui/format.ts";
import { Section } from "../ui/Section.tsx";
import ui from "../ui/ui.module.css";
import { CommandDialog } from "../updates/CommandDialog.tsx";
import { LostDialog } from "../workstations/LostDialog.tsx";
import { WorkstationLine } from "./WorkstationLine.tsx";
import styles from "./user.module.css";

type Workstation = Standing["workstations"][number];

interface WorkstationsProps {
  readonly organisationId: OrganisationId;
  readonly standing: Standing;
}

/** What is asked about one of them, or about all. */
interface Opening {
  readonly kind: "command" | "lost";
  readonly id?: WorkstationId;
}

export function Workstations({ organisationId, standing }: WorkstationsProps): ReactNode {
  const { user, workstations } = standing;
  const may = useRights();
  const seesUpdates = may("read-standing").allowed;
  const updates = useInfiniteQuery({
    ...updatesQuery(organisationId, { user: user.id }),
    enabled: seesUpdates,
  });
  const [open, setOpen] = useState<Opening | null>(null);
  const newest = updates.data?.pages[0]?.updates ?? [];
  const mayPost = may("post-updates").allowed;
  const opening = (opened: Opening) => (mayPost ? () => setOpen(opened) : undefined);
  return (
    <Section
      aside={
        workstations.length > 0 && <Aside onCommand={opening({ kind: "command" })} {...{ workstations }} />
      }
      title="Workstations"
    >
      {workstations.length === 0 && <p className={styles.calm}>The user is active on no workstation.</p>}
      <ul className={styles.workstations}>
        {workstations.map((workstation) => (
          <li key={workstation.id}>
            <WorkstationLine
              onCommand={opening({ kind: "command", id: workstation.id })}
              onLost={opening({ kind: "lost", id: workstation.id })}
              organisationId={organisationId}
              updates={newest.filter((update) => update.workstation.id === workstation.id)}
              workstation={workstation}
            />
          </li>
        ))}
      </ul>
      <AllUpdates organisationId={organisationId} update={newest[0]} />
      <SyncLine organisationId={organisationId} />
      {open && <Opened onClose={() => setOpen(null)} open={open} {...{ organisationId, standing }} />}
    </Section>
  );
}

interface AsideProps {
  readonly workstations: readonly Workstation[];
  readonly onCommand: (() => void) | undefined;
}

function Aside({ workstations, onCommand }: AsideProps): ReactNode {
  return (
    <div className={styles.actions}>
      <span>{summaryOf(workstations)}</span>
      {onCommand && <ActionButton onClick={onCommand}>Command</ActionButton>}
    </div>
  );
}

interface OpenedProps extends WorkstationsProps {
  readonly open: Opening;
  readonly onClose: () => void;
}

function Opened({ open, organisationId, standing, onClose }: OpenedProps): ReactNode {
  // One that is lost is among them no longer, and its dialog closes by itself.
  const [{ user, workstations }] = useState(standing);
  const dialog = { organisationId, onClose };
  if (open.kind === "command") {
    return <CommandDialog user={user} workstationId={open.id} workstations={workstations} {...dialog} />;
  }
  const workstation = workstations.find(({ id }) => id === open.id);
  return workstation && <LostDialog workstation={workstation} {...dialog} />;
}

function summaryOf(workstations: readonly Workstation[]): string {
  const differing = workstations.filter(({ matches }) => !matches).length;
  return differing > 0
    ? `${differing} of ${workstations.length} differ`
    : countOf(workstations.length, "active", "active");
}

interface AllUpdatesProps {
  readonly organisationId: OrganisationId;
  readonly update: Update | undefined;
}

function AllUpdates({ organisationId, update }: AllUpdatesProps): ReactNode {
  return (
    update && (
      <p className={styles.more}>
        <Link
          className={ui.link}
          params={{ organisationId }}
          search={{ user: update.user.id }}
          to="/organisations/$organisationId/updates"
        >
          Every update of {update.user.name}
        </Link>
      </p>
    )
  );
}
