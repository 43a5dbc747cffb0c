// Moving users to another team: what each would get and lose there, and then doing it.

import { users as contract } from "@lockstep/api";
import type { OrganisationId, TeamId, UserId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call, differenceQuery } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { Loaded } from "../Loaded.tsx";
import { Differences } from "../teams/Differences.tsx";
import { TeamSelector } from "../teams/TeamSelector.tsx";
import { countOf } from "../ui/format.ts";
import styles from "./dialogs.module.css";

/** Somebody, and the team that is left. */
interface Mover {
  readonly id: UserId;
  readonly name: string;
  readonly teamId: TeamId;
  readonly team: string;
}

/** The differences of more teams than this nobody reads. */
const mostCompared = 3;

interface MoveUsersDialogProps {
  readonly organisationId: OrganisationId;
  readonly users: readonly Mover[];
  readonly onDone?: () => void;
  readonly onClose: () => void;
}

export function MoveUsersDialog({ organisationId, users, onDone, onClose }: MoveUsersDialogProps): ReactNode {
  const [to, setTo] = useState<TeamId>();
  const move = useChange(organisationId, (teamId: TeamId) =>
    call(contract.moveUsers, {
      params: { organisationId },
      body: { userIds: users.map(({ id }) => id), teamId },
    }),
  );
  const [only] = users;
  const who = users.length === 1 && only ? only.name : countOf(users.length, "user");
  const from = [...Map.groupBy(users, ({ teamId }) => teamId)];
  return (
    <FormDialog
      action="Move"
      change={move}
      isReady={from.some(([teamId]) => to !== undefined && teamId !== to)}
      isWide
      onClose={onClose}
      onSubmit={(close) => {
        if (to === undefined) return;
        move.mutate(to, {
          onSuccess: () => {
            close();
            onDone?.();
          },
        });
      }}
      title={`Move ${who}`}
    >
      <TeamSelector
        isOffered={(id) => from.length > 1 || id !== only?.teamId}
        label="To the team"
        onChange={setTo}
        organisationId={organisationId}
        value={to}
      />
      {to === undefined ? (
        <p className={styles.quiet}>Choose a team to see which keys and settings that adds and takes away.</p>
      ) : (
        <Comparisons from={from} organisationId={organisationId} to={to} />
      )}
      <p className={styles.quiet}>
        Who is active on a workstation that then holds something else is red until a Key-File is posted.
      </p>
    </FormDialog>
  );
}

interface ComparisonsProps {
  readonly organisationId: OrganisationId;
  /** Those who move, by the team that they leave. */
  readonly from: readonly (readonly [TeamId, readonly Mover[]])[];
  readonly to: TeamId;
}

function Comparisons({ organisationId, from, to }: ComparisonsProps): ReactNode {
  const compared = from.filter(([teamId]) => teamId !== to);
  const others = compared.length - mostCompared;
  return (
    <div aria-live="polite" className={styles.compared}>
      {compared.slice(0, mostCompared).map(([teamId, movers]) => (
        <Comparison
          from={teamId}
          key={teamId}
          organisationId={organisationId}
          title={from.length === 1 ? null : `${countOf(movers.length, "user")} of ${movers[0]?.team ?? ""}`}
          to={to}
        />
      ))}
      {others > 0 && <p className={styles.quiet}>The others come from {countOf(others, "more team")}.</p>}
    </div>
  );
}

interface ComparisonProps {
  readonly organisationId: OrganisationId;
  readonly from: TeamId;
  readonly to: TeamId;
  readonly title: string | null;
}

function Comparison({ organisationId, from, to, title }: ComparisonProps): ReactNode {
  const difference = useQuery(differenceQuery(organisationId, from, { to }));
  return (
    <div>
      {title !== null && <h3 className={styles.comparedTitle}>{title}</h3>}
      <Loaded query={difference} skeleton={<Skeleton height={60} />}>
        {(reply) => <Differences difference={reply} />}
      </Loaded>
    </div>
  );
}
