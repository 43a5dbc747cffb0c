// Codes as the relay knows them: whose offers it has to get, give back, or close the mailboxes of.

import type { OrganisationId } from "@lockstep/core";
import { z } from "zod";

import type { Reader, Transaction } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { sql } from "../../db/sql.ts";

const code = z.object({
  organisationId: id<"organisation">(),
  codeId: id<"activation-code">(),
  activationId: id<"activation">(),
  expiresAt: instant,
  offerSeq: z.int().nullable(),
  material: z.string(),
  kekVersion: z.int(),
});

export type Code = z.output<typeof code>;

const codeColumns = sql`c.organisation_id as "organisationId", c.id as "codeId", c.activation_id as "activationId",
  c.expires_at as "expiresAt", c.offer_seq as "offerSeq", c.material, c.kek_version as "kekVersion"`;

/** Codes whose offers the relay does not have yet. */
export async function listOffersDue(reader: Reader, limit: number): Promise<Code[]> {
  return reader.rows(
    code,
    sql`select ${codeColumns} from activation_codes c
      where c.material is not null and c.offered_at is null and c.voided_at is null and c.used_at is null
      order by c.organisation_id, c.id limit ${limit}`,
  );
}

/** Codes that were voided, and whose offers the relay still has. */
export async function listOffersToWithdraw(reader: Reader, limit: number): Promise<Code[]> {
  return reader.rows(
    code,
    sql`select ${codeColumns} from activation_codes c
      where c.voided_at is not null and c.offered_at is not null and c.withdrawn_at is null and c.closed_at is null
      order by c.organisation_id, c.id limit ${limit}`,
  );
}

/** Codes whose mailboxes nobody needs: expired, and unless unused, the activation has reported or ended. */
export async function listCodesToClose(reader: Reader, limit: number): Promise<Code[]> {
  return reader.rows(
    code,
    sql`select ${codeColumns} from activation_codes c
      left join activations a on a.organisation_id = c.organisation_id and a.id = c.activation_id
      where c.material is not null and c.closed_at is null and c.expires_at <= now()
        and (a.id is null or a.report_number > 0 or a.ended_at is not null)
      order by c.organisation_id, c.id limit ${limit}`,
  );
}

export async function findCodeSecrets(
  reader: Reader,
  organisationId: OrganisationId,
  codeId: Code["codeId"],
): Promise<Code | undefined> {
  return reader.row(
    code,
    sql`select ${codeColumns} from activation_codes c
      where c.organisation_id = ${organisationId} and c.id = ${codeId} and c.material is not null`,
  );
}

type CodeMark = "offered" | "withdrawn" | "closed";

/** Says what the relay did with a code's offer and mailboxes. The secrets of a closed code are forgotten. */
export async function updateCodeAtRelay(
  transaction: Transaction,
  { organisationId, codeId }: Pick<Code, "organisationId" | "codeId">,
  { mark, at, seq = null }: { mark: CodeMark; at: Date; seq?: number | null },
): Promise<void> {
  const column = sql.ref(`${mark}_at`);
  await transaction.execute(sql`
    update activation_codes set ${column} = ${at}, offer_seq = coalesce(${seq}::bigint, offer_seq)
    where organisation_id = ${organisationId} and id = ${codeId}`);
  if (mark === "closed") {
    await transaction.execute(
      sql`delete from mailboxes where organisation_id = ${organisationId} and code_id = ${codeId}`,
    );
  }
}
