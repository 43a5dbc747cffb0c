// Proxy Sync: whatever is due goes to the relay, and its news are read. Once, or for as long as the server runs.

import { ProblemError } from "@lockstep/api";

import { Refusal } from "../refusal.ts";
import { startRounds } from "../rounds.ts";
import { isRelaysFault } from "./apart.ts";
import { deliver, type Delivering } from "./deliver.ts";
import { receive } from "./receive.ts";
import { findRelay, updateRelayFailed, updateRelaySynced, type RelayRow } from "./mailboxes/store.ts";
import { countDue } from "./store.ts";

/** How long the relay may let us wait for news. */
const waitSeconds = 50;
/** For what another server of this installation has left. */
const pollMilliseconds = 5_000;
const longestPauseMilliseconds = 60_000;

interface SyncState extends Pick<RelayRow, "syncedAt" | "failedAt" | "failure"> {
  readonly relay: string;
  readonly toDeliver: number;
}

export interface ProxySync {
  /** Its address, as workstations know it. */
  readonly relay: string;
  /** Exchanges everything now. @throws Refusal relay_unreachable. */
  readonly now: () => Promise<SyncState>;
  readonly state: () => Promise<SyncState>;
  /** Something was posted. */
  readonly wake: () => void;
  readonly stop: () => Promise<void>;
}

/** In words for an administrator; nothing of a request is in it. */
function failureOf(error: unknown): string {
  if (error instanceof ProblemError) return `the relay refused: ${error.code}`;
  if (error instanceof TypeError) return "the relay cannot be reached";
  return isRelaysFault(error)
    ? "something else than a relay has answered"
    : "this server failed; its log says why";
}

export interface Syncing extends Omit<Delivering, "signal"> {
  /** After so many at the latest all mailboxes are read, also those without news. */
  readonly syncMinutes: number;
}

export function startProxySync(parts: Syncing): ProxySync {
  const { onFailure } = parts;
  const { origin } = parts.connection;
  const failed = async (error: unknown) => {
    onFailure(error);
    const failure = failureOf(error);
    await parts.database
      .transaction((transaction) => updateRelayFailed(transaction, origin, { at: parts.clock(), failure }))
      .catch(onFailure);
  };
  const often = { longestPauseMilliseconds, onFailure: failed };
  let before: Promise<unknown> = Promise.resolve();
  /** One after another: what one had signed could else come to the relay after what the next one signed, and hide it. */
  const deliverInTurn = async (signal?: AbortSignal): Promise<void> => {
    const turn = before.then(() => deliver({ ...parts, signal }));
    before = turn.catch(() => undefined);
    await turn;
  };
  const delivering = startRounds({ ...often, intervalMilliseconds: pollMilliseconds, work: deliverInTurn });
  const receiving = startRounds({
    ...often,
    intervalMilliseconds: 0,
    work: async (signal) => {
      await readNews({ ...parts, signal }, waitSeconds);
      delivering.wake();
    },
  });
  // One that could not be read has no news again by itself.
  const readingAll = startRounds({
    ...often,
    intervalMilliseconds: parts.syncMinutes * 60_000,
    work: async (signal) => {
      await readFrom({ ...parts, signal }, { after: 0, wait: 0 });
      delivering.wake();
    },
  });
  return {
    relay: origin,
    wake: delivering.wake,
    state: () => stateOf(parts),
    now: async () => {
      try {
        await deliverInTurn();
        await readNews(parts, 0);
        await deliverInTurn();
      } catch (cause) {
        await failed(cause);
        throw isRelaysFault(cause) ? new Refusal("relay_unreachable", { cause }) : cause;
      }
      return stateOf(parts);
    },
    stop: async () => {
      await Promise.all([delivering.stop(), receiving.stop(), readingAll.stop()]);
      await parts.boxes.stop();
    },
  };
}

/** Reads what is new since the last time, and remembers how far. */
async function readNews(delivering: Delivering, wait: number): Promise<void> {
  const { database, connection } = delivering;
  const row = await database.read((reader) => findRelay(reader, connection.origin));
  await readFrom(delivering, { after: row?.lastNews ?? 0, wait });
}

async function readFrom(delivering: Delivering, from: { after: number; wait: number }): Promise<void> {
  const { database, clock, connection } = delivering;
  const { origin } = connection;
  const news = await receive(delivering, from);
  await database.transaction((transaction) => updateRelaySynced(transaction, origin, { at: clock(), news }));
}

async function stateOf({
  database,
  connection,
}: Pick<Delivering, "database" | "connection">): Promise<SyncState> {
  const row = await database.read((reader) => findRelay(reader, connection.origin));
  const toDeliver = await database.read(countDue);
  const { syncedAt = null, failedAt = null, failure = null } = row ?? {};
  return { relay: connection.origin, syncedAt, failedAt, failure, toDeliver };
}
