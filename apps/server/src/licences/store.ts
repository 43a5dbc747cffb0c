// Licences and who holds a seat of them.

import type { LicenceId, OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { day, id } from "../db/shape.ts";
import { array, sql } from "../db/sql.ts";
import { Refusal } from "../refusal.ts";

const licence = z.object({
  id: id<"licence">(),
  productId: z.string(),
  edition: z.string(),
  term: z.enum(["trial", "subscription", "perpetual"]),
  seats: z.int(),
  seatsTaken: z.int(),
  validFrom: day,
  validUntil: day.nullable(),
  isSuspended: z.boolean(),
  revision: z.int(),
});

export type Licence = z.output<typeof licence>;

const columns = sql`l.id, l.product_id as "productId", l.edition, l.term, l.seats, l.valid_from as "validFrom",
  l.valid_until as "validUntil", l.suspended_at is not null as "isSuspended", l.revision, (select count(*) from seats s
    where s.organisation_id = l.organisation_id and s.licence_id = l.id) as "seatsTaken"`;

export async function listLicences(reader: Reader, organisationId: OrganisationId): Promise<Licence[]> {
  return reader.rows(
    licence,
    sql`select ${columns} from licences l where l.organisation_id = ${organisationId} 
      order by l.valid_until nulls last, l.valid_from, l.id`,
  );
}

export async function findLicence(
  reader: Reader,
  organisationId: OrganisationId,
  licenceId: LicenceId,
): Promise<Licence | undefined> {
  return reader.row(
    licence,
    sql`select ${columns} from licences l where l.organisation_id = ${organisationId} and l.id = ${licenceId}`,
  );
}

/** @throws Refusal licence_not_found. */
export async function loadLicence(
  reader: Reader,
  organisationId: OrganisationId,
  licenceId: LicenceId,
): Promise<Licence> {
  const found = await findLicence(reader, organisationId, licenceId);
  if (found === undefined) throw new Refusal("licence_not_found");
  return found;
}

/**
 * Whoever gives or counts seats of these licences takes turns until the transaction ends. The seats are counted by a
 * statement of its own after it: one that had waited here would count those of before.
 */
export async function lockLicences(change: Change, licences: readonly LicenceId[]): Promise<void> {
  await change.execute(sql`
    select 1 from licences
    where organisation_id = ${change.organisationId} and id = any(${array(licences, "uuid")})
    order by id for no key update`);
}

export async function insertLicence(
  change: Change,
  added: Omit<Licence, "seatsTaken" | "isSuspended" | "revision">,
): Promise<void> {
  const { id, productId, edition, term, seats, validFrom, validUntil } = added;
  await change.execute(sql`
    insert into licences (organisation_id, id, product_id, edition, term, seats, valid_from, valid_until)
    values (${change.organisationId}, ${id}, ${productId}, ${edition}, ${term}, ${seats}, ${validFrom}, ${validUntil})`);
}

/** The last day is a fact of the licence, so nothing of its holders is written: their status derives from it. */
export async function updateLicence(
  change: Change,
  licenceId: LicenceId,
  { seats, validUntil, isSuspended }: Pick<Licence, "seats" | "validUntil" | "isSuspended">,
): Promise<void> {
  await change.execute(sql`
    update licences set seats = ${seats}, valid_until = ${validUntil}, revision = revision + 1,
      suspended_at = case when ${isSuspended}::boolean then coalesce(suspended_at, ${change.at}) end
    where organisation_id = ${change.organisationId} and id = ${licenceId}`);
}

const holder = z.object({ userId: id<"user">(), licenceId: id<"licence">() });

/** Who of some users holds a seat, and of which licence. */
export async function listSeatsOf(
  reader: Reader,
  organisationId: OrganisationId,
  users: readonly UserId[],
): Promise<z.output<typeof holder>[]> {
  return reader.rows(
    holder,
    sql`select user_id as "userId", licence_id as "licenceId" from seats
      where organisation_id = ${organisationId} and user_id = any(${array(users, "uuid")})`,
  );
}

/** Gives each of the users a seat; who holds one of another licence changes over. */
export async function insertSeats(
  change: Change,
  licenceId: LicenceId,
  users: readonly UserId[],
): Promise<void> {
  await change.execute(sql`
    insert into seats (organisation_id, user_id, licence_id, taken_at)
    select ${change.organisationId}, u.id, ${licenceId}, ${change.at}
    from unnest(${array(users, "uuid")}) as u (id)
    on conflict (organisation_id, user_id) do update set licence_id = excluded.licence_id, taken_at = excluded.taken_at`);
  change.touchUsers(users);
}

export async function deleteSeats(change: Change, users: readonly UserId[]): Promise<void> {
  await change.execute(sql`
    delete from seats where organisation_id = ${change.organisationId} and user_id = any(${array(users, "uuid")})`);
  change.touchUsers(users);
}

const seated = z.object({ userId: id<"user">() });

/** Frees every seat of a licence. @returns who held them. */
export async function deleteAllSeats(change: Change, licenceId: LicenceId): Promise<UserId[]> {
  const rows = await change.rows(
    seated,
    sql`delete from seats where organisation_id = ${change.organisationId} and licence_id = ${licenceId}
      returning user_id as "userId"`,
  );
  const users = rows.map(({ userId }) => userId);
  change.touchUsers(users);
  return users;
}

/** Moves every seat of a licence to another one. @returns who holds them. */
export async function updateSeatsLicence(
  change: Change,
  { from, to }: { from: LicenceId; to: LicenceId },
): Promise<UserId[]> {
  const rows = await change.rows(
    seated,
    sql`update seats set licence_id = ${to}, taken_at = ${change.at}
      where organisation_id = ${change.organisationId} and licence_id = ${from} returning user_id as "userId"`,
  );
  const users = rows.map(({ userId }) => userId);
  change.touchUsers(users);
  return users;
}
