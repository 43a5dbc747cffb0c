// The environment and the command line, parsed once. Nothing else reads process.env.

import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { z } from "zod";

import { OperatorError } from "./db/operator-error.ts";

export interface Config {
  readonly port: number;
  /** The database given by the operator; null for the embedded one. */
  readonly databaseUrl: string | null;
  /** Where the embedded database is kept. */
  readonly folder: string;
  readonly example: boolean;
}

const environment = z.object({
  LOCKSTEP_PORT: z.coerce.number().int().min(0).max(65_535).default(8480),
  LOCKSTEP_DATA: z.string().min(1).default("data"),
  DATABASE_URL: z.string().min(1).optional(),
});

/** @throws OperatorError `configuration-invalid`, naming the offender. */
export function parseConfig(variables: NodeJS.ProcessEnv, parameters: readonly string[]): Config {
  const { LOCKSTEP_PORT, LOCKSTEP_DATA, DATABASE_URL } = parseEnvironment(variables);
  const example = parseParameters(parameters);
  return {
    port: LOCKSTEP_PORT,
    databaseUrl: DATABASE_URL ?? null,
    // The example lives in a database of its own, so it never mixes with real people.
    folder: join(resolve(LOCKSTEP_DATA), example ? "example" : "database"),
    example,
  };
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
