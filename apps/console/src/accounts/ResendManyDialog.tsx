// Sending many invitations again, one after the other while one waits; who has none that waits is passed over.

import { invitations, type UserRow } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type ReactNode } from "react";

import { call, sentenceOf } from "../api.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { countOf } from "../ui/format.ts";
import { Progress } from "../ui/Progress.tsx";
import ui from "../ui/ui.module.css";
import { VerdictLine } from "./BatchRows.tsx";
import styles from "./accounts.module.css";

interface ResendManyDialogProps {
  readonly organisationId: OrganisationId;
  readonly users: readonly UserRow[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** What became of each so far: null where it was sent, else why not. */
type Outcomes = ReadonlyMap<UserId, string | null>;

export function ResendManyDialog(props: ResendManyDialogProps): ReactNode {
  const { organisationId, users, onDone, onClose } = props;
  const waiting = users.filter(({ account }) => account === "pending");
  const resending = useResending(organisationId, waiting);
  const { state, outcomes } = resending;
  return (
    <Dialog
      isFirm
      isWide
      onClose={() => {
        resending.stop();
        onClose();
        if (state !== "planned") onDone();
      }}
      title={`Send ${countOf(waiting.length, "invitation")} again`}
    >
      {(close) => (
        <>
          <State resending={resending} total={waiting.length} />
          <div aria-label="Verdict for each account" className={styles.verdicts} role="region" tabIndex={0}>
            <ul>
              {users.map((user) => (
                <Line key={user.id} outcome={outcomes.get(user.id)} user={user} />
              ))}
            </ul>
          </div>
          <div className={ui.buttons}>
            {state === "planned" && (
              <Button
                disabled={waiting.length === 0}
                onClick={() => void resending.start()}
                size="sm"
                variant="filled"
              >
                Send {countOf(waiting.length, "mail")}
              </Button>
            )}
            {state === "running" && (
              <Button onClick={resending.stop} size="sm">
                Stop
              </Button>
            )}
            <Button onClick={close} size="sm">
              {state === "planned" ? "Cancel" : "Done"}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

interface StateProps {
  readonly resending: ReturnType<typeof useResending>;
  readonly total: number;
}

function State({ resending: { state, outcomes }, total }: StateProps): ReactNode {
  return state === "planned" ? (
    <p>The links of the former mails do not work any more. Each new one works once, for three days.</p>
  ) : (
    <Progress done={outcomes.size} label="Invitations looked at" of="invitations" total={total} />
  );
}

function Line({ user, outcome }: { readonly user: UserRow; readonly outcome: string | null | undefined }) {
  const { name, username, account } = user;
  const line = { name, username };
  if (account !== "pending" && outcome === undefined)
    return <VerdictLine {...line} sentence="The account does not wait to be activated." verdict="bad" />;
  if (outcome === undefined) return <VerdictLine {...line} sentence="Would be sent." verdict="waiting" />;
  return outcome === null ? (
    <VerdictLine {...line} sentence="Sent." verdict="good" />
  ) : (
    <VerdictLine {...line} sentence={outcome} verdict="bad" />
  );
}

function useResending(organisationId: OrganisationId, waiting: readonly UserRow[]) {
  const queries = useQueryClient();
  const [state, setState] = useState<"planned" | "running" | "ended">("planned");
  const [outcomes, setOutcomes] = useState<Outcomes>(new Map());
  const isStopped = useRef(false);
  const start = async () => {
    setState("running");
    for (const { id: userId } of waiting) {
      if (isStopped.current) break;
      const outcome = await resend(organisationId, userId);
      setOutcomes((former) => new Map(former).set(userId, outcome));
    }
    setState("ended");
    await queries.invalidateQueries({ queryKey: [organisationId] });
  };
  const stop = () => {
    isStopped.current = true;
  };
  return { state, outcomes, start, stop };
}

/** @returns null once it is sent, else why not. */
async function resend(organisationId: OrganisationId, userId: UserId): Promise<string | null> {
  try {
    await call(invitations.resendInvitation, { params: { organisationId, userId } });
    return null;
  } catch (error) {
    if (error instanceof Error) return sentenceOf(error).title;
    throw error;
  }
}
