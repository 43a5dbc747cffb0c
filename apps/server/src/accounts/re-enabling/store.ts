// Who asked, by which name, for the mail that enables an account again. Whose name it is, if anybody's, is not known here.

import { z } from "zod";

import type { Reader, Transaction } from "../../db/database.ts";
import { sql } from "../../db/sql.ts";

/** The same work for every name. @param unlessSince somebody asked by the same name later than this. */
export async function putRequest(
  transaction: Transaction,
  username: string,
  { at, unlessSince }: { at: Date; unlessSince: Date },
): Promise<void> {
  await transaction.execute(sql`
    insert into re_enabling_requests (username, asked_at) values (${username}, ${at})
    on conflict (username) do update set asked_at = excluded.asked_at, taken_at = null
    where re_enabling_requests.asked_at <= ${unlessSince}`);
}

const waiting = z.object({ username: z.string() });

/** Those that nobody has taken, the first first. */
export async function listRequests(reader: Reader): Promise<string[]> {
  const rows = await reader.rows(
    waiting,
    sql`select username from re_enabling_requests where taken_at is null order by asked_at limit 1000`,
  );
  return rows.map(({ username }) => username);
}

/** @returns whether nobody else has. */
export async function takeRequest(transaction: Transaction, username: string, at: Date): Promise<boolean> {
  const taken = await transaction.execute(sql`
    update re_enabling_requests set taken_at = greatest(asked_at, ${at})
    where username = ${username} and taken_at is null`);
  return taken > 0;
}

/** Those that were taken, and after which one may ask again. */
export async function deleteRequests(transaction: Transaction, before: Date): Promise<void> {
  await transaction.execute(
    sql`delete from re_enabling_requests where taken_at is not null and asked_at <= ${before}`,
  );
}
