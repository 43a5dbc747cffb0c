// Proxy Sync: when server and relay last exchanged messages, whether that works, what waits, and doing it now.

import { sync, type RelayState } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { call, syncQuery } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { Refused } from "../changes/Refused.tsx";
import { Loaded } from "../Loaded.tsx";
import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { wordsOfNumber } from "../ui/format.ts";
import { Moment } from "../ui/Moment.tsx";
import { Note } from "../ui/Note.tsx";
import { Section } from "../ui/Section.tsx";
import { withoutRelayWords } from "./words.ts";
import styles from "./sync.module.css";

interface ProxySyncProps {
  readonly organisationId: OrganisationId;
}

/** As a part of a page. */
export function ProxySync({ organisationId }: ProxySyncProps): ReactNode {
  const query = useQuery(syncQuery(organisationId));
  return (
    <Section aside={<SyncButton organisationId={organisationId} />} title="Proxy Sync">
      <Loaded query={query} skeleton={<Skeleton height={48} />}>
        {(state) => <How state={state} />}
      </Loaded>
    </Section>
  );
}

function How({ state }: { readonly state: RelayState }): ReactNode {
  const { relay, syncedAt, failure, toDeliver } = state;
  if (relay === null) {
    return (
      <div className={styles.inset}>
        <Note isLine title={withoutRelayWords} tone="bad">
          Start the server with one that it brings along, or name yours in LOCKSTEP_RELAY.
        </Note>
      </div>
    );
  }
  return (
    <>
      <dl className={styles.facts}>
        <div>
          <dt>Relay</dt>
          <dd className={styles.address}>{relay}</dd>
        </div>
        <div>
          <dt>Last exchange</dt>
          <dd>{syncedAt === null ? "none yet" : <Moment at={syncedAt} />}</dd>
        </div>
        <div>
          <dt>Waits for the relay</dt>
          <dd>{toDeliver === 0 ? "nothing" : wordsOfNumber(toDeliver)}</dd>
        </div>
      </dl>
      {failure === null ? (
        <p className={styles.quiet}>
          The server does this by itself, as soon as something is posted or a workstation has sent a report.
        </p>
      ) : (
        <div className={styles.inset}>
          <Failure state={state} />
        </div>
      )}
    </>
  );
}

function Failure({ state: { failure, failedAt } }: { readonly state: RelayState }): ReactNode {
  if (failure === null) return null;
  return (
    <Note isLine title={`The last try failed: ${failure}.`} tone="bad">
      {failedAt !== null && (
        <>
          That was <Moment at={failedAt} />.{" "}
        </>
      )}
      What is due is kept, and the server tries again by itself.
    </Note>
  );
}

/** In one line, where something waits for it. */
export function SyncLine({ organisationId }: ProxySyncProps): ReactNode {
  const { data } = useQuery({
    ...syncQuery(organisationId),
    enabled: useRights()("read-standing").allowed,
  });
  if (data === undefined) return null;
  const { relay, syncedAt, failure } = data;
  return (
    <div className={styles.line}>
      <p>
        {relay === null ? (
          withoutRelayWords
        ) : (
          <>
            Server and relay last exchanged messages {syncedAt === null ? "never" : <Moment at={syncedAt} />}.
          </>
        )}
      </p>
      <SyncButton organisationId={organisationId} />
      {failure !== null && <Failure state={data} />}
    </div>
  );
}

export function SyncButton({ organisationId }: ProxySyncProps): ReactNode {
  const { data } = useQuery({
    ...syncQuery(organisationId),
    enabled: useRights()("read-standing").allowed,
  });
  const exchange = useChange(organisationId, () => call(sync.startSync, { params: { organisationId } }));
  if (!useRights()("post-updates").allowed) return null;
  return (
    <>
      <ActionButton
        loading={exchange.isPending}
        onClick={() => exchange.mutate(undefined)}
        why={data?.relay === null ? withoutRelayWords : null}
      >
        Proxy Sync now
      </ActionButton>
      {/* What went wrong is said beside it, by the state of the relay. */}
      {data?.failure === null && <Refused error={exchange.error} />}
    </>
  );
}
