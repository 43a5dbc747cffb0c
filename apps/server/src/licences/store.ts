// Licences and who holds a seat of them.

import type { Day, LicenceId, OrganisationId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../db/change.ts";
import type { Reader } from "../db/database.ts";
import { day, id } from "../db/shape.ts";
import { array, sql } from "../db/sql.ts";

const licence = z.object({
  id: id<"licence">(),
  productId: z.string(),
  edition: z.string(),
  term: z.enum(["trial", "subscription", "perpetual"]),
  seats: z.int(),
  seatsTaken: z.int(),
  validFrom: day,
  validUntil: day.nullable(),
});

export type Licence = z.output<typeof licence>;

const columns = sql`l.id, l.product_id as "productId", l.edition, l.term, l.seats, l.valid_from as "validFrom",
  l.valid_until as "validUntil", (select count(*) from seats s
    where s.organisation_id = l.organisation_id and s.licence_id = l.id) as "seatsTaken"`;

export async function listLicences(reader: Reader, organisationId: OrganisationId): Promise<Licence[]> {
  return reader.rows(
    licence,
    sql`select ${columns} from licences l where l.organisation_id = ${organisationId} order by l.valid_from, l.id`,
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

export async function insertLicence(change: Change, added: Omit<Licence, "seatsTaken">): Promise<void> {
  const { id, productId, edition, term, seats, validFrom, validUntil } = added;
  await change.execute(sql`
    insert into licences (organisation_id, id, product_id, edition, term, seats, valid_from, valid_until)
    values (${change.organisationId}, ${id}, ${productId}, ${edition}, ${term}, ${seats}, ${validFrom}, ${validUntil})`);
}

/** The last day is a fact of the licence, so nothing of its holders is written: their status derives from it. */
export async function updateLicenceUntil(
  change: Change,
  licenceId: LicenceId,
  until: Day | null,
): Promise<void> {
  await change.execute(sql`
    update licences set valid_until = ${until}
    where organisation_id = ${change.organisationId} and id = ${licenceId}`);
}

export async function insertSeats(
  change: Change,
  licenceId: LicenceId,
  users: readonly UserId[],
): Promise<void> {
  await change.execute(sql`
    insert into seats (organisation_id, user_id, licence_id, taken_at)
    select ${change.organisationId}, u.id, ${licenceId}, ${change.at}
    from unnest(${array(users, "uuid")}) as u (id)`);
  change.touchUsers(users);
}

export async function deleteSeats(change: Change, users: readonly UserId[]): Promise<void> {
  await change.execute(sql`
    delete from seats where organisation_id = ${change.organisationId} and user_id = any(${array(users, "uuid")})`);
  change.touchUsers(users);
}
