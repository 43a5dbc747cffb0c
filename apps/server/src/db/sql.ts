// How statements are written: Kysely's template, with values always bound and never spliced.

import { type RawBuilder, sql as template } from "kysely";

/** One statement, or a fragment of one. */
export type Statement = RawBuilder<unknown>;

export const sql = template;

/** A list that PostgreSQL receives as one array value. */
export function array(
  values: readonly (string | number | null)[],
  type: "uuid" | "text" | "integer" | "bigint" | "date",
): Statement {
  return sql`${values}::${sql.raw(`${type}[]`)}`;
}

/** Documents go as text, because the driver would send an array as a PostgreSQL array. */
export function json(value: unknown): Statement {
  return sql`${JSON.stringify(value)}::jsonb`;
}
