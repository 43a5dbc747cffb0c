// The environment and the command line, parsed once. Nothing else reads process.env.

import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { z } from "zod";

import { OperatorError } from "./operator-error.ts";

export interface Config {
  readonly port: number;
  readonly host: string;
  /** The HTTPS address at which others reach the relay, through a proxy; null on this machine alone. */
  readonly publicOrigin: string | null;
  /** Of the store. */
  readonly folder: string;
  readonly accountsFile: string;
  /** The operator named the file, so it is there; else the first start makes it. */
  readonly needsAccountsFile: boolean;
  /** Make one more account instead of starting. */
  readonly addAccount: boolean;
  /** End when standard input does: with whoever has started it, however that one ended. */
  readonly isAttached: boolean;
}

const environment = z.object({
  LOCKSTEP_RELAY_PORT: z.coerce.number().int().min(0).max(65_535).default(8481),
  LOCKSTEP_RELAY_LISTEN: z.string().min(1).default("127.0.0.1"),
  LOCKSTEP_RELAY_ORIGIN: z
    .url({ protocol: /^https$/, error: "expected an address such as https://relay.example.org" })
    .transform((text) => new URL(text).origin)
    .optional(),
  LOCKSTEP_RELAY_DATA: z.string().min(1).default("data/relay"),
  LOCKSTEP_RELAY_ACCOUNTS: z.string().min(1).optional(),
  // From bin.js: where the operator stood.
  LOCKSTEP_FOLDER: z.string().min(1).default("."),
});

/** @throws OperatorError `configuration-invalid`, naming the offender. */
export function parseConfig(variables: NodeJS.ProcessEnv, parameters: readonly string[]): Config {
  const parsed = parseEnvironment(variables);
  const host = parsed.LOCKSTEP_RELAY_LISTEN;
  const publicOrigin = parsed.LOCKSTEP_RELAY_ORIGIN ?? null;
  refuseBareHttp(host, publicOrigin);
  const folder = resolve(parsed.LOCKSTEP_FOLDER, parsed.LOCKSTEP_RELAY_DATA);
  const accounts = parsed.LOCKSTEP_RELAY_ACCOUNTS;
  return {
    port: parsed.LOCKSTEP_RELAY_PORT,
    host,
    publicOrigin,
    folder,
    accountsFile: resolve(parsed.LOCKSTEP_FOLDER, accounts ?? join(folder, "accounts.json")),
    needsAccountsFile: accounts !== undefined,
    ...parseParameters(parameters),
  };
}

const loopback = ["127.0.0.1", "::1", "localhost"];

/** Tokens never travel in the clear. */
function refuseBareHttp(host: string, publicOrigin: string | null): void {
  if (loopback.includes(host) || publicOrigin !== null) return;
  throw new OperatorError({
    code: "configuration-invalid",
    sentence: `LOCKSTEP_RELAY_LISTEN is ${host}, and plain HTTP is served to this machine only`,
    hint: "put a proxy with HTTPS before it and say its address: LOCKSTEP_RELAY_ORIGIN=https://relay.example.org",
  });
}

function parseEnvironment(variables: NodeJS.ProcessEnv): z.output<typeof environment> {
  const parsed = environment.safeParse(variables);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new OperatorError({
    code: "configuration-invalid",
    sentence: `the setting ${String(issue?.path[0])} is not valid: ${issue?.message ?? "unknown"}`,
    hint: "correct it in the environment; docs/relay.md lists every setting",
  });
}

function parseParameters(parameters: readonly string[]): Pick<Config, "addAccount" | "isAttached"> {
  try {
    const options = { "add-account": { type: "boolean" }, attached: { type: "boolean" } } as const;
    const { values } = parseArgs({ args: [...parameters], options });
    return { addAccount: values["add-account"] ?? false, isAttached: values.attached ?? false };
  } catch (cause) {
    throw new OperatorError({
      code: "configuration-invalid",
      sentence: cause instanceof Error ? cause.message : "the parameters are not valid",
      hint: "lockstep-relay, lockstep-relay --attached, or lockstep-relay --add-account",
      cause,
    });
  }
}
