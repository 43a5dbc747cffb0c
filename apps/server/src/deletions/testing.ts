// People who can ask for their accounts to be deleted, and what is left of them.

import type { AccountState, OrganisationId, UserId } from "@lockstep/core";
import { clientFor } from "@lockstep/api";
import { z } from "zod";

import { addPerson, tokenFor } from "../accounts/testing.ts";
import { sql } from "../db/sql.ts";
import { examplePassword } from "../example-people.ts";
import type { ExampleApp } from "../http/testing/app.ts";
import { hashPassword } from "../sessions/password.ts";
import { putPassword } from "../sessions/store.ts";

const hash = hashPassword(examplePassword);

export const day = 86_400_000;

/** The password of the example's people. */
export async function givePassword(
  example: ExampleApp,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<void> {
  const kept = { userId, hash: await hash, at: example.now };
  await example.database.transaction((transaction) => putPassword(transaction, organisationId, kept));
}

/** Somebody with a password and a token. */
export async function addOwner(example: ExampleApp, organisationId: OrganisationId, state?: AccountState) {
  const person = await addPerson(example, organisationId, state);
  await givePassword(example, organisationId, person.userId);
  const token = await tokenFor(example, { organisationId, userId: person.userId });
  return {
    ...person,
    token,
    call: clientFor(example.origin, { token }),
    params: { organisationId, userId: person.userId },
  };
}

export type AccountOwner = Awaited<ReturnType<typeof addOwner>>;

const column = z.object({ table: z.string(), column: z.string(), type: z.string() });
const anything = z.object({});

/** Every column of the database in which any of the values stands, as text, as JSON or as bytes. */
export async function columnsWith(example: ExampleApp, these: readonly string[]): Promise<string[]> {
  return example.database.snapshot(async (snapshot) => {
    const columns = await snapshot.rows(
      column,
      sql`select c.relname as "table", a.attname as "column", a.atttypid::regtype::text as type
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1, 2`,
    );
    const found: string[] = [];
    for (const each of columns) {
      const read =
        each.type === "bytea"
          ? sql`encode(${sql.ref(each.column)}, 'escape')`
          : sql`${sql.ref(each.column)}::text`;
      const ways = these.map((value) => sql`${read} ilike ${`%${value}%`}`);
      const row = await snapshot.row(
        anything,
        sql`select from ${sql.table(each.table)} where ${sql.join(ways, sql` or `)} limit 1`,
      );
      if (row !== undefined) found.push(`${each.table}.${each.column}`);
    }
    return found;
  });
}
