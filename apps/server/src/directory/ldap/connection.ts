// A connection to a directory: encrypted and checked before the password goes out, timed, and always ended. It is never
// opened again by itself: what a stranger is shown is less than everything, and would look like everybody gone.

import { isIP } from "node:net";
import { getCACertificates, type ConnectionOptions } from "node:tls";

import { Client, type Control, type Entry, type SearchOptions } from "ldapts";

import { asFailure, DirectoryFailed, locksOut } from "./failure.ts";

/** How a directory is reached, and as whom. */
export interface Access {
  readonly host: string;
  readonly port: number;
  readonly security: "ldaps" | "starttls";
  /** Authorities to trust beside those of the system, as PEM. */
  readonly certificates: string | null;
  readonly bindName: string;
  readonly password: string;
}

interface Found {
  readonly entries: readonly Entry[];
  readonly references: readonly string[];
}

export interface Connection {
  /** @throws DirectoryFailed. */
  search(base: string, options: SearchOptions, controls?: readonly Control[]): Promise<Found>;
  /** Whether somebody else could sign in so. Nothing is searched for afterwards. @throws DirectoryFailed. */
  isPassword(dn: string, password: string): Promise<boolean>;
}

const connectMilliseconds = 10_000;
/** For one page. */
const answerMilliseconds = 60_000;

function encryptionOf({ host, certificates }: Access): ConnectionOptions {
  const trusted = [...getCACertificates("default"), ...getCACertificates("system")];
  return {
    minVersion: "TLSv1.2",
    rejectUnauthorized: true,
    ca: certificates === null ? trusted : [...trusted, certificates],
    // RFC 6066 §3: an address is no server name; the certificate is then checked against the address.
    ...(isIP(host) === 0 ? { servername: host } : { host }),
  };
}

/** The library waits for a handshake for ever. */
async function inTime(promise: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new DirectoryFailed("timed-out")), connectMilliseconds);
  try {
    await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function clientOf(access: Access): Client {
  const { host, port, security } = access;
  const address = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const times = { connectTimeout: connectMilliseconds, timeout: answerMilliseconds };
  if (security === "starttls") return new Client({ url: `ldap://${address}`, ...times });
  return new Client({ url: `ldaps://${address}`, tlsOptions: encryptionOf(access), ...times });
}

/**
 * Connects, signs in, and ends the connection whatever happens.
 * @throws DirectoryFailed for whatever is wrong at the directory's end or on the way.
 */
export async function withDirectory<Result>(
  access: Access,
  use: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const client = clientOf(access);
  try {
    await signIn(client, access).catch((error: unknown) => {
      throw asFailure(error);
    });
    return await use({ search: searchingWith(client), isPassword: provingWith(client) });
  } finally {
    // The answer to this is the end of the connection, which may be over already.
    await client.unbind().catch(() => undefined);
  }
}

async function signIn(client: Client, access: Access): Promise<void> {
  if (access.security === "starttls") await inTime(client.startTLS(encryptionOf(access)));
  await client.bind(access.bindName, access.password);
}

function searchingWith(client: Client): Connection["search"] {
  return async (base, options, controls = []) => {
    // The library would connect again, as nobody.
    if (!client.isBound) throw new DirectoryFailed("interrupted");
    // Without a word it would ask the directory to stop after ten seconds.
    const unlimited = { timeLimit: 0, ...options };
    const { searchEntries: entries, searchReferences: references } = await client
      .search(base, unlimited, [...controls])
      .catch((error: unknown) => {
        throw asFailure(error);
      });
    return { entries, references };
  };
}

function provingWith(client: Client): Connection["isPassword"] {
  return async (dn, password) => {
    // RFC 4513 §5.1.2: who gives a name and no password is nobody, and is let in as such.
    if (password === "") return false;
    try {
      await client.bind(dn, password);
      return true;
    } catch (error) {
      const failure = asFailure(error);
      if (failure instanceof DirectoryFailed && locksOut(failure.code)) return false;
      throw failure;
    }
  };
}
