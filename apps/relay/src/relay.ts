// The composition root: store, routes, what happens by time, and a socket. It runs alone by main.ts, or inside another
// process, which then gives it accounts.

import type { AddressInfo } from "node:net";

import { pino, type DestinationStream } from "pino";

import type { Account } from "./accounts/accounts.ts";
import { Throttle } from "./accounts/throttle.ts";
import { systemClock, type Clock } from "./clock.ts";
import { openStore } from "./db/open.ts";
import { makeApp } from "./http/app.ts";
import { Bell } from "./mailboxes/bell.ts";
import { accountRoutes, mailboxRoutes, type MailboxParts } from "./mailboxes/routes.ts";
import { startSweep } from "./mailboxes/sweep.ts";
import { OperatorError } from "./operator-error.ts";

export interface RelayOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** The address to listen at; anything but loopback only behind HTTPS (see config.ts). */
  readonly host: string;
  /** The HTTPS address at which others reach the relay through a proxy; null on this machine alone. */
  readonly publicOrigin: string | null;
  /** Of the store. One relay works with it at a time. */
  readonly folder: string;
  readonly accounts: readonly Account[];
  readonly clock?: Clock;
  /** Where the log goes; standard output if left out. */
  readonly log?: DestinationStream;
}

export interface Relay {
  readonly origin: string;
  /** Answers whoever waits, and ends. */
  stop(): Promise<void>;
}

const sweepSeconds = 60;
const closingMilliseconds = 1000;

/** @throws OperatorError for whatever an operator can put right. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { accounts, publicOrigin, clock = systemClock } = options;
  // Not even the machine's name.
  const log = pino({ level: "warn", base: null }, options.log ?? pino.destination({ sync: true }));
  const database = openStore(options.folder);
  const parts: MailboxParts = { database, clock, bell: new Bell(), newsBell: new Bell() };
  let origins: readonly string[] = [];
  const app = makeApp({
    routes: [...accountRoutes(parts), ...mailboxRoutes(parts)],
    gate: {
      database,
      clock,
      accounts,
      accountThrottle: new Throttle(clock),
      mailboxThrottle: new Throttle(clock),
      origins: () => origins,
    },
    log,
  });
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (cause) {
    await app.close();
    database.close();
    throw inOperatorsWords(cause, options.port);
  }
  const { port } = app.server.address() as AddressInfo;
  const local = `http://${options.host === "::1" ? "[::1]" : "127.0.0.1"}:${port}`;
  origins = publicOrigin === null ? [local] : [publicOrigin, local];
  const stopSweep = startSweep({
    ...parts,
    intervalMilliseconds: sweepSeconds * 1000,
    onFailure: (error) => log.error({ err: error }, "the sweep failed and will be tried again"),
  });
  return {
    origin: publicOrigin ?? local,
    stop: async () => {
      parts.bell.close();
      parts.newsBell.close();
      // Some connect and ask for nothing yet; they would keep the program for a minute.
      const cut = setTimeout(() => app.server.closeAllConnections(), closingMilliseconds);
      await app.close();
      clearTimeout(cut);
      await stopSweep();
      database.close();
    },
  };
}

function inOperatorsWords(cause: unknown, port: number): unknown {
  const inUse = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
  if (!inUse) return cause;
  return new OperatorError({
    code: "port-in-use",
    sentence: `another program already listens on port ${port}`,
    hint: "end it, or choose another port: LOCKSTEP_RELAY_PORT=8482",
    cause,
  });
}
