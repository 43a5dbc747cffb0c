// Blocking or unblocking many accounts, or inviting them again: the grounds, then a plan with a verdict for each, then the deed, which can be
// stopped.

import { accountBatches, type AccountBatch, type UserRow } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange, type Change } from "../changes/change.ts";
import { ChangeForm } from "../changes/ChangeForm.tsx";
import { Refused } from "../changes/Refused.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { countOf, wordsOfNumber } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { Progress } from "../ui/Progress.tsx";
import ui from "../ui/ui.module.css";
import { BatchRows } from "./BatchRows.tsx";
import { GroundsFields, groundsOf, readGrounds, type Grounds } from "./Grounds.tsx";
import { batchQuery } from "./queries.ts";

const verbs = {
  "block-account": { do: (who: string) => `Block ${who}`, done: "blocked" },
  "unblock-account": { do: (who: string) => `Unblock ${who}`, done: "unblocked" },
  "resend-invitation": { do: (who: string) => `Send invitations again to ${who}`, done: "invited again" },
} as const;
type BatchAction = keyof typeof verbs;

const follows = {
  "unblock-account": "Unblocking also enables: the days without activity count from zero.",
  "resend-invitation":
    "The links of the former mails do not work any more. Each new one works once, for three days.",
} as const;

interface BatchDialogProps {
  readonly organisationId: OrganisationId;
  readonly action: BatchAction;
  readonly users: readonly UserRow[];
  /** It was done, and not only planned. */
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function BatchDialog(props: BatchDialogProps): ReactNode {
  const { organisationId, action, users, onDone, onClose } = props;
  const [grounds, setGrounds] = useState(() => groundsOf(null));
  const [started, setStarted] = useState<AccountBatch | null>(null);
  const start = useStart(organisationId, action, users);
  const begin = (isDryRun: boolean) => start.mutate({ grounds, isDryRun }, { onSuccess: setStarted });
  const who = countOf(users.length, "account");
  return (
    <Dialog
      isFirm
      isWide
      onClose={() => {
        onClose();
        if (started?.isDryRun === false) onDone();
      }}
      title={verbs[action].do(who)}
    >
      {(close) =>
        started === null ? (
          <ChangeForm action="Make the plan" change={start} close={close} onSubmit={() => begin(true)}>
            {action === "block-account" ? (
              <GroundsFields grounds={grounds} onChange={setGrounds} />
            ) : (
              <p>{follows[action]}</p>
            )}
            <p className={ui.quiet}>The plan says what would become of each account, and changes nothing.</p>
          </ChangeForm>
        ) : (
          <Running
            close={close}
            key={started.id}
            onCarryOut={() => begin(false)}
            organisationId={organisationId}
            start={start}
            started={started}
          />
        )
      }
    </Dialog>
  );
}

interface Order {
  readonly grounds: Grounds;
  readonly isDryRun: boolean;
}

function useStart(organisationId: OrganisationId, action: BatchAction, users: readonly UserRow[]) {
  return useChange(organisationId, ({ grounds, isDryRun }: Order): Promise<AccountBatch> => {
    const those = { userIds: users.map(({ id }) => id), isDryRun };
    const params = { organisationId };
    if (action === "unblock-account") return call(accountBatches.unblockAccounts, { params, body: those });
    if (action === "resend-invitation")
      return call(accountBatches.resendInvitations, { params, body: those });
    return call(accountBatches.blockAccounts, { params, body: { ...those, ...readGrounds(grounds) } });
  });
}

interface RunningProps {
  readonly organisationId: OrganisationId;
  readonly started: AccountBatch;
  readonly start: Change<Order, AccountBatch>;
  readonly onCarryOut: () => void;
  readonly close: () => void;
}

/** A plan or the deed, from its beginning to its end. */
function Running({ organisationId, started, start, onCarryOut, close }: RunningProps): ReactNode {
  const { data: batch = started } = useQuery(batchQuery(organisationId, started.id));
  const stop = useChange(organisationId, () =>
    call(accountBatches.cancelAccountBatch, { params: { organisationId, batchId: started.id } }),
  );
  const isRunning = batch.endedAt === null;
  return (
    <>
      {isRunning ? (
        <Progress done={batch.done} label="Accounts looked at" of="accounts" total={batch.users} />
      ) : (
        <Ended batch={batch} />
      )}
      <BatchRows batch={batch} organisationId={organisationId} />
      <Refused error={stop.error ?? start.error} />
      <div className={ui.buttons}>
        {isRunning && (
          <Button loading={stop.isPending} onClick={() => stop.mutate(undefined)} size="sm">
            Stop
          </Button>
        )}
        {!isRunning && batch.isDryRun && (
          <Button
            data-grave={batch.action === "block-account"}
            disabled={batch.changed === 0}
            loading={start.isPending}
            onClick={onCarryOut}
            size="sm"
            variant="filled"
          >
            {verbs[batch.action].do(countOf(batch.changed, "account"))}
          </Button>
        )}
        <Button onClick={close} size="sm">
          {isRunning && !batch.isDryRun ? "Close, it goes on" : batch.isDryRun ? "Cancel" : "Done"}
        </Button>
      </div>
    </>
  );
}

function Ended({ batch }: { readonly batch: AccountBatch }): ReactNode {
  const { action, isDryRun, users, changed, cancelled } = batch;
  const { done } = verbs[action];
  const left = users - changed - cancelled;
  const others = [
    ...(left > 0
      ? [`${countOf(left, "account")} ${isDryRun ? "would be" : left === 1 ? "was" : "were"} passed over`]
      : []),
    ...(cancelled > 0 ? [`${countOf(cancelled, "account")} stayed as before: somebody stopped it`] : []),
  ].join(", ");
  return (
    <Note
      isLine
      title={`${wordsOfNumber(changed)} of ${countOf(users, "account")} ${isDryRun ? "would be" : "were"} ${done}.`}
      tone={isDryRun || changed === 0 ? "quiet" : "good"}
    >
      {others === "" ? undefined : `${others}.`}
    </Note>
  );
}
