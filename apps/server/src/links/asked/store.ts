// Who asked, by which name, for a mail with a link. Whose name it is, if anybody's, is not known here.

import { z } from "zod";

import type { Reader, Transaction } from "../../db/database.ts";
import { sql } from "../../db/sql.ts";

/** What for: to enable the account again, or to choose the password anew. */
export type Asked = "re_enabling_requests" | "password_requests";

/** So many names are kept at once; whatever is asked beyond that is not heard. */
export const mostAsked = 5000;

/** The same work for every name. @param unlessSince somebody asked by the same name later than this. */
export async function putRequest(
  transaction: Transaction,
  asked: Asked,
  { username, at, unlessSince }: { username: string; at: Date; unlessSince: Date },
): Promise<void> {
  await transaction.execute(sql`
    insert into ${sql.table(asked)} as r (username, asked_at)
    select ${username}, ${at} where (select count(*) from ${sql.table(asked)}) < ${mostAsked}
    on conflict (username) do update set asked_at = excluded.asked_at, taken_at = null
    where r.asked_at <= ${unlessSince}`);
}

const waiting = z.object({ username: z.string() });

/** Those that nobody has taken, the first first. */
export async function listRequests(reader: Reader, asked: Asked): Promise<string[]> {
  const rows = await reader.rows(
    waiting,
    sql`select username from ${sql.table(asked)} where taken_at is null order by asked_at limit 1000`,
  );
  return rows.map(({ username }) => username);
}

/** @returns whether nobody else has. */
export async function takeRequest(
  transaction: Transaction,
  asked: Asked,
  { username, at }: { username: string; at: Date },
): Promise<boolean> {
  const taken = await transaction.execute(sql`
    update ${sql.table(asked)} set taken_at = greatest(asked_at, ${at})
    where username = ${username} and taken_at is null`);
  return taken > 0;
}

/** Those that were taken, and after which one may ask again. */
export async function deleteRequests(transaction: Transaction, asked: Asked, before: Date): Promise<void> {
  await transaction.execute(
    sql`delete from ${sql.table(asked)} where taken_at is not null and asked_at <= ${before}`,
  );
}
