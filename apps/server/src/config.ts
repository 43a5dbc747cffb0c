// The environment and the command line, parsed once. Nothing else reads process.env.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { z } from "zod";

import { OperatorError } from "./db/operator-error.ts";

export interface Config {
  readonly port: number;
  readonly host: string;
  /** The HTTPS address at which people reach the server, through a proxy; null on this machine alone. */
  readonly publicOrigin: string | null;
  /** Where the key-encryption key is kept, apart from the database. */
  readonly keyFile: string;
  /** Where the root holder's key is kept, or was before it was taken away. */
  readonly rootKeyFile: string;
  /** The database given by the operator; null for the embedded one. */
  readonly databaseUrl: string | null;
  /** Where the embedded database is kept. */
  readonly folder: string;
  /** Null without one: nothing travels to workstations. */
  readonly relay: { readonly origin: string; readonly token: string; readonly syncMinutes: number } | null;
  /** For development: single sign-on also by providers on this machine without TLS. */
  readonly providersOnLoopback: boolean;
  readonly example: boolean;
}

const loopback = ["127.0.0.1", "::1", "localhost"];

const environment = z.object({
  LOCKSTEP_PORT: z.coerce.number().int().min(0).max(65_535).default(8480),
  LOCKSTEP_LISTEN: z.string().min(1).default("127.0.0.1"),
  LOCKSTEP_ORIGIN: z
    .url({ protocol: /^https$/, error: "expected an address such as https://lockstep.example.org" })
    .transform((text) => new URL(text).origin)
    .optional(),
  LOCKSTEP_DATA: z.string().min(1).default("data"),
  LOCKSTEP_KEK_FILE: z.string().min(1).optional(),
  LOCKSTEP_ROOT_KEY_FILE: z.string().min(1).optional(),
  LOCKSTEP_RELAY: z
    .url({ error: "expected the address of a relay, such as https://relay.example.org" })
    .refine(isPrivate, "expected an address with https")
    .transform((text) => new URL(text).origin)
    .optional(),
  LOCKSTEP_RELAY_TOKEN_FILE: z.string().min(1).optional(),
  LOCKSTEP_SYNC_MINUTES: z.coerce.number().int().min(1).max(1440).default(60),
  LOCKSTEP_PROVIDERS_ON_LOOPBACK: z.enum(["yes", "no"]).default("no"),
  DATABASE_URL: z.string().min(1).optional(),
});

/** Encrypted on its way, or within this machine. */
function isPrivate(text: string): boolean {
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || (protocol === "http:" && [...loopback, "[::1]"].includes(hostname));
}

/** @throws OperatorError `configuration-invalid`, naming the offender. */
export function parseConfig(variables: NodeJS.ProcessEnv, parameters: readonly string[]): Config {
  const parsed = parseEnvironment(variables);
  const { LOCKSTEP_PORT, LOCKSTEP_LISTEN, LOCKSTEP_ORIGIN, LOCKSTEP_DATA, DATABASE_URL } = parsed;
  const example = parseParameters(parameters);
  refuseBareHttp({ host: LOCKSTEP_LISTEN, publicOrigin: LOCKSTEP_ORIGIN ?? null, example });
  // The example lives in a database of its own, so it never mixes with real people.
  const place = join(resolve(LOCKSTEP_DATA), example ? "example" : "database");
  const keys = join(resolve(LOCKSTEP_DATA), example ? "example-keys" : "keys");
  return {
    port: LOCKSTEP_PORT,
    host: LOCKSTEP_LISTEN,
    publicOrigin: LOCKSTEP_ORIGIN ?? null,
    databaseUrl: DATABASE_URL ?? null,
    folder: place,
    keyFile: resolve(parsed.LOCKSTEP_KEK_FILE ?? join(keys, "key-encryption-key.json")),
    relay: parseRelay(parsed),
    rootKeyFile: resolve(parsed.LOCKSTEP_ROOT_KEY_FILE ?? join(keys, "root-key.json")),
    providersOnLoopback: parsed.LOCKSTEP_PROVIDERS_ON_LOOPBACK === "yes",
    example,
  };
}

/** Passwords and keys never travel in the clear, and the example's passwords are known to everybody. */
function refuseBareHttp({
  host,
  publicOrigin,
  example,
}: Pick<Config, "host" | "publicOrigin" | "example">): void {
  if (loopback.includes(host) && (publicOrigin === null || !example)) return;
  if (publicOrigin !== null && !example) return;
  throw new OperatorError({
    code: "configuration-invalid",
    sentence: example
      ? "the example, whose passwords are known to everybody, is for this machine only"
      : `LOCKSTEP_LISTEN is ${host}, and plain HTTP is served to this machine only`,
    hint: example
      ? "leave LOCKSTEP_LISTEN and LOCKSTEP_ORIGIN out"
      : "put a proxy with HTTPS before it and say its address: LOCKSTEP_ORIGIN=https://lockstep.example.org",
  });
}

/** The token is in a file, because an environment is seen by whoever lists processes. */
function parseRelay({
  LOCKSTEP_RELAY: origin,
  LOCKSTEP_RELAY_TOKEN_FILE: tokenFile,
  LOCKSTEP_SYNC_MINUTES: syncMinutes,
}: z.output<typeof environment>): Config["relay"] {
  if (origin === undefined) return null;
  const hint =
    "LOCKSTEP_RELAY_TOKEN_FILE names the file with the token that the relay said when it made the account";
  const unfit = (sentence: string, cause?: unknown) =>
    new OperatorError({ code: "configuration-invalid", sentence, hint, cause });
  if (tokenFile === undefined) throw unfit("LOCKSTEP_RELAY needs a token");
  try {
    const token = readFileSync(tokenFile, "utf8").trim();
    if (/^[\w-]{20,}$/.test(token)) return { origin, token, syncMinutes };
  } catch (cause) {
    throw unfit(`the relay's token cannot be read from ${tokenFile}`, cause);
  }
  throw unfit(`there is no relay's token in ${tokenFile}`);
}

function parseEnvironment(variables: NodeJS.ProcessEnv): z.output<typeof environment> {
  const parsed = environment.safeParse(variables);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new OperatorError({
    code: "configuration-invalid",
    sentence: `the setting ${String(issue?.path[0])} is not valid: ${issue?.message ?? "unknown"}`,
    hint: "correct it in the environment; docs/operating.md lists every setting",
  });
}

function parseParameters(parameters: readonly string[]): boolean {
  try {
    const { values } = parseArgs({ args: [...parameters], options: { example: { type: "boolean" } } });
    return values.example ?? false;
  } catch (cause) {
    throw new OperatorError({
      code: "configuration-invalid",
      sentence: cause instanceof Error ? cause.message : "the parameters are not valid",
      hint: "npm start, or npm start -- --example",
      cause,
    });
  }
}
