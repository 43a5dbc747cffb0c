// Passwords and sessions as rows.

import { sessions, type TokenScope } from "@lockstep/api";
import { offices, roles, type OrganisationId, type UserId } from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../db/database.ts";
import { id, instant } from "../db/shape.ts";
import { array, sql } from "../db/sql.ts";
import type { SessionId } from "./secret.ts";

/** What a token may do; a browser does everything. */
const scope = z.enum(sessions.tokenScopes);

const hash = z.instanceof(Buffer);

const grant = z.object({
  role: z.enum(roles),
  organisationId: id<"organisation">(),
  organisation: z.string(),
  authorityId: id<"authority">().nullable(),
});

const session = z.object({
  id: id<"session">(),
  kind: z.enum(["browser", "token"]),
  scope,
  secretHash: hash,
  formerSecretHash: hash.nullable(),
  rotatedAt: instant,
  lastUsedAt: instant,
  expiresAt: instant,
  user: z.object({
    id: id<"user">(),
    organisationId: id<"organisation">(),
    name: z.string(),
    username: z.string(),
    organisation: z.string(),
    authorityId: id<"authority">().nullable(),
  }),
  grants: z.array(grant),
  /** Nothing can be done but to set one up. */
  needsSecondFactor: z.boolean(),
  /** Where the organisation that is asked about stands; null if there is none, or none any more. */
  place: z.object({ authorityId: id<"authority">().nullable(), office: z.enum(offices) }).nullable(),
});

export type Session = z.output<typeof session>;

/** What of a user alone lets nobody be signed in. Needs u. */
export const isEnabled = sql`u.account = 'active' and u.blocked_at is null and u.disabled_at is null`;

/** What of a user, and of the organisation, lets nobody be signed in. Needs u, o and a. */
export const mayBeSignedIn = sql`${isEnabled}
  and o.disabled_at is null and o.deleted_at is null and a.deleted_at is null`;

export const ofOrganisation = sql`
  join organisations o on o.id = u.organisation_id left join authorities a on a.id = o.authority_id`;

/** Whether the organisation requires a second factor that the user does not have. Needs u. */
const lacksSecondFactor = sql`(exists (select from account_rules r
    where r.organisation_id = u.organisation_id and r.second_factor = 'required')
  and not exists (select from second_factors f
    where f.organisation_id = u.organisation_id and f.user_id = u.id and f.confirmed_at is not null))`;

const user = sql`json_build_object('id', u.id, 'organisationId', u.organisation_id, 'name', u.name,
  'username', u.username, 'organisation', o.name, 'authorityId', o.authority_id) as "user"`;

const grants = sql`coalesce((
    select json_agg(json_build_object('role', g.role, 'organisationId', g.scope_id, 'organisation', s.name,
      'authorityId', s.authority_id) order by g.role, s.name)
    from role_grants g join organisations s on s.id = g.scope_id left join authorities sa on sa.id = s.authority_id
    where g.organisation_id = u.organisation_id and g.user_id = u.id and s.deleted_at is null
      and sa.deleted_at is null
  ), '[]') as grants`;

/**
 * The session with its user and roles, if the user may be signed in at all at this moment.
 * @param about is the organisation that is asked about: whether the caller may is known from one statement.
 */
export async function findSession(
  reader: Reader,
  organisationId: OrganisationId,
  sessionId: SessionId,
  about: OrganisationId | null,
): Promise<Session | undefined> {
  return reader.row(
    session,
    sql`
    select s.id, s.kind, s.scope, s.secret_hash as "secretHash", s.former_secret_hash as "formerSecretHash",
      s.rotated_at as "rotatedAt", s.last_used_at as "lastUsedAt", s.expires_at as "expiresAt", ${user}, ${grants},
      s.kind = 'browser' and ${lacksSecondFactor} as "needsSecondFactor", (
        select json_build_object('authorityId', t.authority_id, 'office', t.office)
        from organisations t left join authorities ta on ta.id = t.authority_id
        where t.id = ${about}::uuid and t.deleted_at is null and ta.deleted_at is null
      ) as place
    from sessions s
    join users u on u.organisation_id = s.organisation_id and u.id = s.user_id ${ofOrganisation}
    where s.organisation_id = ${organisationId} and s.id = ${sessionId} and ${mayBeSignedIn}`,
    { prepared: true },
  );
}

export interface NewSession {
  readonly id: SessionId;
  readonly userId: UserId;
  readonly kind: "browser" | "token";
  readonly name: string;
  readonly scope: TokenScope;
  readonly secretHash: Buffer;
  readonly at: Date;
  readonly expiresAt: Date;
}

export async function insertSession(
  transaction: Transaction,
  organisationId: OrganisationId,
  { id, userId, kind, name, scope, secretHash, at, expiresAt }: NewSession,
): Promise<void> {
  await transaction.execute(sql`
    insert into sessions (organisation_id, id, user_id, kind, name, scope, secret_hash, rotated_at, made_at,
      last_used_at, expires_at)
    values (${organisationId}, ${id}, ${userId}, ${kind}, ${name}, ${scope}, ${secretHash}, ${at}, ${at}, ${at},
      ${expiresAt})`);
}

/** Gives the session another secret, unless somebody has just done so. @returns whether it was this call. */
export async function rotateSession(
  transaction: Transaction,
  organisationId: OrganisationId,
  { id, from, to, at }: { id: SessionId; from: Buffer; to: Buffer; at: Date },
): Promise<boolean> {
  const written = await transaction.execute(sql`
    update sessions set former_secret_hash = secret_hash, secret_hash = ${to}, rotated_at = ${at}, last_used_at = ${at}
    where organisation_id = ${organisationId} and id = ${id} and secret_hash = ${from}`);
  return written > 0;
}

export async function updateLastUsed(
  transaction: Transaction,
  organisationId: OrganisationId,
  sessionId: SessionId,
  at: Date,
): Promise<void> {
  await transaction.execute(sql`
    update sessions set last_used_at = ${at}
    where organisation_id = ${organisationId} and id = ${sessionId} and last_used_at < ${at}`);
}

export async function deleteSession(
  transaction: Transaction,
  organisationId: OrganisationId,
  sessionId: SessionId,
): Promise<void> {
  await transaction.execute(
    sql`delete from sessions where organisation_id = ${organisationId} and id = ${sessionId}`,
  );
}

const own = z.object({ id: id<"user">() });

/**
 * Whether the user may be signed in, still so when the transaction ends: whoever blocks or disables the account waits,
 * and so does whoever gives it a second factor.
 */
export async function lockSignedIn(
  transaction: Transaction,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<boolean> {
  const row = await transaction.row(
    own,
    sql`
    select u.id from users u ${ofOrganisation}
    where u.organisation_id = ${organisationId} and u.id = ${userId} and ${mayBeSignedIn} for no key update of u`,
  );
  return row !== undefined;
}

/** As `lockSignedIn`; from this moment days without activity count. */
export async function beginActivity(
  transaction: Transaction,
  organisationId: OrganisationId,
  userId: UserId,
  at: Date,
): Promise<boolean> {
  const isAllowed = await lockSignedIn(transaction, organisationId, userId);
  if (isAllowed) await noteActivity(transaction, { organisationId, userId }, at);
  return isAllowed;
}

/** Days without activity count from here. @param unlessSince is noted well enough already. */
export async function noteActivity(
  transaction: Transaction,
  { organisationId, userId }: { organisationId: OrganisationId; userId: UserId },
  at: Date,
  unlessSince = at,
): Promise<void> {
  await transaction.execute(sql`
    update users set active_at = ${at}
    where organisation_id = ${organisationId} and id = ${userId} and active_at < ${unlessSince}`);
}

/** Ends every session and token of a user but one. */
export async function deleteOtherSessions(
  transaction: Transaction,
  organisationId: OrganisationId,
  userId: UserId,
  but: SessionId | null,
): Promise<void> {
  await transaction.execute(sql`
    delete from sessions where organisation_id = ${organisationId} and user_id = ${userId}
      and id is distinct from ${but}::uuid`);
}

/** Ends every session and token of some users. */
export async function deleteSessionsOf(
  transaction: Transaction,
  organisationId: OrganisationId,
  users: readonly UserId[],
): Promise<void> {
  await transaction.execute(sql`
    delete from sessions
    where organisation_id = ${organisationId} and user_id = any(${array(users, "uuid")})`);
}

/** Sessions that have ended by themselves; of every organisation, because nobody can use them any more. */
export async function deleteEndedSessions(
  transaction: Transaction,
  organisationId: OrganisationId,
  { at, idleSince }: { at: Date; idleSince: Date },
): Promise<number> {
  return transaction.execute(sql`
    delete from sessions where organisation_id = ${organisationId}
      and (expires_at <= ${at} or (kind = 'browser' and last_used_at < ${idleSince}))`);
}

const token = z.object({
  id: id<"session">(),
  name: z.string(),
  scope,
  madeAt: instant,
  lastUsedAt: instant,
  expiresAt: instant,
});

export type Token = z.output<typeof token>;

const tokenColumns = sql`id, name, scope, made_at as "madeAt", last_used_at as "lastUsedAt", expires_at as "expiresAt"`;

/** The user's tokens that have not ended, newest first. */
export async function listTokens(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
  at: Date,
): Promise<Token[]> {
  return reader.rows(
    token,
    sql`select ${tokenColumns} from sessions
      where organisation_id = ${organisationId} and user_id = ${userId} and kind = 'token' and expires_at > ${at}
      order by made_at desc, id`,
  );
}

const me = z.object({
  user: session.shape.user,
  grants: z.array(grant),
  lacksSecondFactor: z.boolean(),
  deletionDueAt: instant.nullable(),
});

/** Who somebody is and in which roles, if the user may be signed in. */
export async function findSignedIn(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<z.output<typeof me> | undefined> {
  return reader.row(
    me,
    sql`select ${user}, ${grants}, ${lacksSecondFactor} as "lacksSecondFactor", (
        select d.due_at from deletion_requests d
        where d.organisation_id = u.organisation_id and d.user_id = u.id
      ) as "deletionDueAt"
      from users u ${ofOrganisation}
      where u.organisation_id = ${organisationId} and u.id = ${userId} and ${mayBeSignedIn}`,
  );
}

export async function putPassword(
  transaction: Transaction,
  organisationId: OrganisationId,
  { userId, hash: kept, at }: { userId: UserId; hash: string; at: Date },
): Promise<void> {
  await transaction.execute(sql`
    insert into passwords (organisation_id, user_id, hash, changed_at)
    values (${organisationId}, ${userId}, ${kept}, ${at})
    on conflict (organisation_id, user_id) do update set hash = excluded.hash, changed_at = excluded.changed_at`);
}

export async function findPassword(
  reader: Reader,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<string | null> {
  const row = await reader.row(
    z.object({ hash: z.string() }),
    sql`select hash from passwords where organisation_id = ${organisationId} and user_id = ${userId}`,
  );
  return row?.hash ?? null;
}
