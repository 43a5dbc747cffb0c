// The composition root: database, routes, housekeeping, and a socket on loopback.

import type { AddressInfo } from "node:net";

import { pino } from "pino";

import { systemClock, type Clock } from "./clock.ts";
import type { Database } from "./db/database.ts";
import { openDatabase } from "./db/open.ts";
import { OperatorError } from "./db/operator-error.ts";
import { loadExample } from "./example.ts";
import type { Writing } from "./facts/change.ts";
import { makeApp } from "./http/app.ts";
import type { Route } from "./http/route.ts";
import { startHousekeeping } from "./jobs/housekeeping.ts";
import { organisationRoutes } from "./organisations/routes.ts";
import { standingRoutes } from "./standing/routes.ts";
import { teamRoutes } from "./teams/routes.ts";

/** All that is served. */
export function allRoutes(database: Database, clock: Clock): Route[] {
  // Whoever can reach loopback works at the server's own machine; sessions will say who it is.
  const writing: Writing = { database, clock, doer: { role: "local administrator", userId: null } };
  return [...organisationRoutes(database), ...teamRoutes(writing), ...standingRoutes({ database, clock })];
}

export interface ServerOptions {
  /** 0 for any that is free. */
  readonly port: number;
  readonly databaseUrl: string | null;
  readonly folder: string;
  readonly example: boolean;
  readonly console: string | null;
  /** The embedded database keeps dying; the server should end. */
  readonly onGaveUp: (error: OperatorError) => void;
}

export interface Server {
  readonly origin: string;
  readonly place: string;
  stop(): Promise<void>;
}

const roundSeconds = 2;

/** @throws OperatorError for whatever an operator can put right. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const clock = systemClock;
  const log = pino({ level: "warn" });
  const { database, place, close } = await openDatabase(options);
  try {
    if (options.example) await loadExample({ database, clock });
    const app = await makeApp({ routes: allRoutes(database, clock), console: options.console, log: true });
    // Loopback only, until signing in exists.
    await app.listen({ host: "127.0.0.1", port: options.port }).catch((cause: unknown) => {
      throw inOperatorsWords(cause, options.port);
    });
    const stopHousekeeping = startHousekeeping({
      database,
      clock,
      intervalMilliseconds: roundSeconds * 1000,
      onDrift: (organisationId, drifted) => log.error({ organisationId, drifted }, "postures had drifted"),
      onFailure: (error) => log.warn({ err: error }, "housekeeping failed and will be tried again"),
    });
    const { port } = app.server.address() as AddressInfo;
    return {
      origin: `http://127.0.0.1:${port}`,
      place,
      stop: async () => {
        await app.close();
        await stopHousekeeping();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function inOperatorsWords(cause: unknown, port: number): unknown {
  const inUse = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
  if (!inUse) return cause;
  return new OperatorError({
    code: "port-in-use",
    sentence: `another program already listens on port ${port}`,
    hint: "end it, or choose another port: LOCKSTEP_PORT=8481 npm start",
    cause,
  });
}
