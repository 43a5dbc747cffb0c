// The composition root: database, keys, routes, what happens by time, and a socket.

import type { AddressInfo } from "node:net";

import { pino, type Logger } from "pino";

import { accountRoutes } from "./accounts/routes.ts";
import { activationRoutes } from "./activations/routes.ts";
import { eventRoutes } from "./audit/routes.ts";
import { systemClock, type Clock } from "./clock.ts";
import type { Database } from "./db/database.ts";
import { openDatabase } from "./db/open.ts";
import { OperatorError } from "./db/operator-error.ts";
import { deletionRoutes } from "./deletions/routes.ts";
import { directoryRoutes } from "./directory/routes.ts";
import { loadExample } from "./example.ts";
import { forecastRoutes } from "./forecast/routes.ts";
import { makeApp } from "./http/app.ts";
import type { Gate } from "./http/reply.ts";
import type { Route } from "./http/route.ts";
import { importRoutes } from "./imports/routes.ts";
import { startBatchJob, startBlockJob, startInactivityJob } from "./jobs/accounts.ts";
import { startDeletionJob } from "./jobs/deletions.ts";
import { startDirectoryJob } from "./jobs/directories.ts";
import { startHousekeeping } from "./jobs/housekeeping.ts";
import { startImportJob } from "./jobs/imports.ts";
import { startMailJob } from "./jobs/mails.ts";
import { startPostingJob } from "./jobs/postings.ts";
import { keyRoutes } from "./keys/routes.ts";
import type { KeyEncryption } from "./keys/sealing/sealing.ts";
import { loadKeyEncryption } from "./keys/sealing/start.ts";
import { licenceRoutes } from "./licences/routes.ts";
import { linkRoutes } from "./links/routes.ts";
import { mailRoutes } from "./mails/routes.ts";
import { organisationImportRoutes } from "./organisation-imports/routes.ts";
import { organisationRoutes } from "./organisations/routes.ts";
import { passwordRoutes } from "./passwords/routes.ts";
import type { RootHolder } from "./roots/root-key-file.ts";
import { roleRoutes } from "./roles/routes.ts";
import { rootRoutes } from "./roots/routes.ts";
import { signersWith, type SignersOf } from "./roots/signers.ts";
import { ensureRoots, loadRootHolder } from "./roots/start.ts";
import type { Rounds } from "./rounds.ts";
import { identify } from "./sessions/gate.ts";
import { secondFactorRoutes } from "./second-factors/routes.ts";
import { sessionRoutes } from "./sessions/routes.ts";
import { isSetUpNeeded, SetUpCode } from "./sessions/set-up.ts";
import { settingRoutes } from "./settings/routes.ts";
import { singleSignOnRoutes } from "./single-sign-on/routes.ts";
import { standingRoutes } from "./standing/routes.ts";
import { connectionTo, type RelayAccess } from "./sync/connection.ts";
import { syncRoutes } from "./sync/routes.ts";
import { startProxySync, type ProxySync, type Syncing } from "./sync/run.ts";
import { Boxes } from "./sync/boxes.ts";
import { teamRoutes } from "./teams/routes.ts";
import { updateRoutes } from "./updates/routes.ts";
import { userRoutes } from "./users/routes.ts";
import { workstationTeamRoutes } from "./workstation-teams/routes.ts";
import { workstationRoutes } from "./workstations/routes.ts";

export interface Parts {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyEncryption: KeyEncryption;
  readonly rootHolder: RootHolder;
  readonly signersOf: SignersOf;
  readonly setUpCode: SetUpCode;
  /** Null without a relay. */
  readonly proxySync: ProxySync | null;
  /** An import was started. */
  readonly onImport: () => void;
  /** A posting of Key-Files was started. */
  readonly onPosting: () => void;
  /** A run of a directory was started. */
  readonly onDirectoryRun: () => void;
  /** A held run that disables accounts was confirmed. */
  readonly onInactivity: () => void;
  /** A batch of accounts to block, unblock or invite again was started. */
  readonly onAccountBatch: () => void;
  /** An organisation or an authority was deleted. */
  readonly onDeletion: () => void;
  /** Where people reach the console: known when it listens. */
  readonly origin: () => string;
  /** A mail was posted, or asked for. */
  readonly onMail: () => void;
  /** For development: single sign-on also by providers on this machine without TLS. */
  readonly providersOnLoopback?: boolean;
}

/** All that is served. */
export function allRoutes({ database, clock, setUpCode, onImport, ...parts }: Parts): Route[] {
  const {
    keyEncryption,
    rootHolder,
    signersOf,
    proxySync,
    onPosting,
    onDirectoryRun,
    onInactivity,
    onAccountBatch,
    onDeletion,
    origin,
    onMail,
  } = parts;
  const making = { keyEncryption, rootHolder };
  const onPosted = () => proxySync?.wake();
  const relays = proxySync === null ? [] : [proxySync.relay];
  return [
    ...sessionRoutes({ database, clock, setUpCode, making }),
    ...passwordRoutes({ database, clock, onMail }),
    ...secondFactorRoutes({ database, clock, keyEncryption, onMail }),
    ...singleSignOnRoutes({
      database,
      clock,
      keyEncryption,
      origin,
      onLoopback: parts.providersOnLoopback === true,
    }),
    ...organisationRoutes(database, making),
    ...teamRoutes(database),
    ...workstationTeamRoutes(database),
    ...userRoutes(database),
    ...importRoutes(database, onImport),
    ...organisationImportRoutes(database, onImport),
    ...directoryRoutes({ database, keyEncryption, onRun: onDirectoryRun }),
    ...licenceRoutes({ database, clock }),
    ...keyRoutes(database, keyEncryption),
    ...rootRoutes(database, making),
    ...forecastRoutes({ database, clock }),
    ...activationRoutes({ database, keyEncryption, signersOf, relays, onPosted }),
    ...accountRoutes({
      ...{ database, clock, keyEncryption, onMail, onPosted },
      onConfirmed: onInactivity,
      onBatch: onAccountBatch,
    }),
    ...deletionRoutes({ database, clock, keyEncryption, onMail, onDeletion }),
    ...roleRoutes({ database, onMail }),
    ...linkRoutes({ database, clock }),
    ...mailRoutes({ database, clock, keyEncryption, origin, onMail }),
    ...updateRoutes({ database, onPosted, onPosting }),
    ...workstationRoutes({ database, clock, keyEncryption, onPosted }),
    ...syncRoutes(proxySync),
    ...settingRoutes(),
    ...standingRoutes({ database, clock }),
    ...eventRoutes(database),
  ];
}

/** What stands before all of it. */
export function gateFor({ database, clock }: Pick<Parts, "database" | "clock">): Gate {
  return {
    database,
    clock,
    identify: (secret, about) => identify({ database, clock }, secret, about),
  };
}

export interface ServerOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** The address to listen at; anything but loopback only behind HTTPS (see config.ts). */
  readonly host: string;
  /** The HTTPS address at which people reach the server through a proxy; null on this machine alone. */
  readonly publicOrigin: string | null;
  readonly databaseUrl: string | null;
  readonly folder: string;
  /** Where the key-encryption key is kept, apart from the database. */
  readonly keyFile: string;
  /** Where the root holder's key is kept; after the first start it may be away. */
  readonly rootKeyFile: string;
  /** Null without one: nothing travels to workstations. */
  readonly relay: (RelayAccess & Pick<Syncing, "syncMinutes">) | null;
  readonly example: boolean;
  /** For development: single sign-on also by providers on this machine without TLS. */
  readonly providersOnLoopback?: boolean;
  readonly console: string | null;
  /** The embedded database keeps dying; the server should end. */
  readonly onGaveUp: (error: OperatorError) => void;
}

export interface Server {
  readonly origin: string;
  readonly place: string;
  /** While nobody administers the installation: what the first administrator needs. */
  readonly setUpCode: string | null;
  stop(): Promise<void>;
}

const roundSeconds = 2;
const closingSeconds = 5;
const jobPollSeconds = 5;
const inactivitySeconds = 600;
const deletionSeconds = 60;

/** @throws OperatorError for whatever an operator can put right. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const clock = systemClock;
  const log = pino({ level: "warn" });
  const { database, place, close } = await openDatabase(options);
  try {
    const keyEncryption = await loadKeyEncryption({ file: options.keyFile, database });
    const rootHolder = await loadRootHolder({ file: options.rootKeyFile, database });
    if (options.example) await loadExample({ database, clock, keyEncryption, rootHolder });
    const rootless = await ensureRoots({ database, clock, keyEncryption, rootHolder });
    if (rootless > 0) log.warn({ rootless }, "organisations have no root: put the root holder's key back");
    const setUpCode = new SetUpCode();
    const signersOf = signersWith(keyEncryption);
    const proxySync = syncing({ database, clock, keyEncryption, signersOf }, options.relay, log);
    const { listensAt, ...reached } = reaching(options);
    const parts = { database, clock, keyEncryption, rootHolder, signersOf, setUpCode, proxySync, ...reached };
    const mailJob = mailing(parts, log);
    const importJob = importing(parts, log, mailJob.wake);
    const postingJob = posting(parts, log);
    const directoryJob = readingDirectories(parts, log);
    const accountJobs = keepingAccounts(parts, log, mailJob.wake);
    const wakers = {
      onImport: importJob.wake,
      onPosting: postingJob.wake,
      onDirectoryRun: directoryJob.wake,
      onInactivity: accountJobs.inactivity.wake,
      onAccountBatch: accountJobs.batches.wake,
      onMail: mailJob.wake,
      onDeletion: accountJobs.deletions.wake,
    };
    const app = await makeApp({
      routes: allRoutes({ ...parts, ...wakers }),
      gate: gateFor(parts),
      origin: options.publicOrigin,
      console: options.console,
      log: true,
    });
    await app.listen({ host: options.host, port: options.port }).catch((cause: unknown) => {
      throw inOperatorsWords(cause, options.port);
    });
    const stopHousekeeping = housekeeping(parts, log);
    listensAt((app.server.address() as AddressInfo).port);
    return {
      origin: parts.origin(),
      place,
      setUpCode: (await isSetUpNeeded({ database })) ? setUpCode.text : null,
      stop: async () => {
        // Browsers connect before they ask for anything; they would keep the program for minutes.
        const cut = setTimeout(() => app.server.closeAllConnections(), closingSeconds * 1000);
        await app.close();
        clearTimeout(cut);
        const jobs = [importJob, postingJob, directoryJob, mailJob, ...Object.values(accountJobs)];
        await Promise.all([stopHousekeeping(), ...jobs.map((job) => job.stop()), proxySync?.stop()]);
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

type Running = Pick<Parts, "database" | "clock" | "keyEncryption">;

function syncing(
  { database, clock, keyEncryption, signersOf }: Running & Pick<Parts, "signersOf">,
  relay: ServerOptions["relay"],
  log: Logger,
): ProxySync | null {
  if (relay === null) return null;
  const connection = connectionTo(relay, clock);
  return startProxySync({
    ...{ database, clock, keyEncryption, signersOf, connection },
    boxes: new Boxes(),
    relays: [relay.origin],
    syncMinutes: relay.syncMinutes,
    onFailure: (error) => log.warn({ err: error }, "something did not travel, and will be tried again"),
  });
}

function posting({ database, clock, proxySync }: Running & Pick<Parts, "proxySync">, log: Logger): Rounds {
  return startPostingJob({
    database,
    clock,
    intervalMilliseconds: jobPollSeconds * 1000,
    onBatch: () => proxySync?.wake(),
    onFailure: (error) => log.warn({ err: error }, "a posting of Key-Files was interrupted and goes on"),
  });
}

function keepingAccounts(
  { database, clock, keyEncryption, proxySync }: Running & Pick<Parts, "proxySync">,
  log: Logger,
  onMail: () => void,
): { blocks: Rounds; batches: Rounds; inactivity: Rounds; deletions: Rounds } {
  const onFailure = (error: unknown) =>
    log.warn({ err: error }, "what happens to accounts by time will be tried again");
  const onPosted = () => proxySync?.wake();
  const onPostedAndMail = () => {
    onPosted();
    onMail();
  };
  const around = { database, clock, keyEncryption, onPosted, onFailure };
  const often = { ...around, intervalMilliseconds: jobPollSeconds * 1000 };
  return {
    blocks: startBlockJob(often),
    batches: startBatchJob({ ...often, onPosted: onPostedAndMail }),
    inactivity: startInactivityJob({ ...around, intervalMilliseconds: inactivitySeconds * 1000 }),
    deletions: startDeletionJob({
      ...{ ...around, keyEncryption, intervalMilliseconds: deletionSeconds * 1000 },
      onPosted: onPostedAndMail,
    }),
  };
}

/** Where people reach the server. On this machine alone it is known once it listens, as the port may be any. */
function reaching({ publicOrigin, port, providersOnLoopback = false }: ServerOptions): {
  origin: () => string;
  providersOnLoopback: boolean;
  listensAt: (port: number) => void;
} {
  let actual = port;
  return {
    origin: () => publicOrigin ?? `http://127.0.0.1:${actual}`,
    providersOnLoopback,
    listensAt: (listening) => (actual = listening),
  };
}

function mailing(running: Running & Pick<Parts, "origin">, log: Logger): Rounds {
  const { database, clock, keyEncryption, origin } = running;
  return startMailJob({
    ...{ database, clock, keyEncryption, origin },
    intervalMilliseconds: jobPollSeconds * 1000,
    onFailure: (error) => log.warn({ err: error }, "mails were interrupted and go on"),
  });
}

function importing(
  { database, clock, keyEncryption, rootHolder }: Running & Pick<Parts, "rootHolder">,
  log: Logger,
  onMail: () => void,
): Rounds {
  return startImportJob({
    ...{ database, clock, keyEncryption, rootHolder, onMail },
    intervalMilliseconds: jobPollSeconds * 1000,
    onFailure: (error) => log.warn({ err: error }, "an import was interrupted and goes on"),
  });
}

function readingDirectories({ database, clock, keyEncryption }: Running, log: Logger): Rounds {
  return startDirectoryJob({
    ...{ database, clock, keyEncryption },
    random: Math.random,
    intervalMilliseconds: jobPollSeconds * 1000,
    onFailed: (failure) => log.warn(failure, "a directory could not be read"),
    onFailure: (error) => log.warn({ err: error }, "a run of a directory was interrupted and goes on"),
  });
}

function housekeeping(running: Running, log: Logger): () => Promise<void> {
  return startHousekeeping({
    ...running,
    intervalMilliseconds: roundSeconds * 1000,
    onDrift: (organisationId, drifted) => log.error({ organisationId, drifted }, "postures had drifted"),
    onUnreadable: (unreadable) =>
      log.fatal({ unreadable }, "ENCRYPTION KEYS DO NOT OPEN: restore them from a backup now"),
    onFailure: (error) => log.warn({ err: error }, "housekeeping failed and will be tried again"),
  });
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
