// Whose each mailbox at the relay is, and how far the relay is read.

import type { ActivationId, Id } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../../db/change.ts";
import type { Reader, Transaction } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { array, sql } from "../../db/sql.ts";

/** Whose a mailbox is: of a code until its activation reports, then of the activation. */
export type MailboxOwner =
  { readonly codeId: Id<"activation-code"> } | { readonly activationId: ActivationId };

export async function insertMailboxes(
  change: Change,
  owner: MailboxOwner,
  { down, up }: { down: string; up: string },
): Promise<void> {
  const codeId = "codeId" in owner ? owner.codeId : null;
  const activationId = "activationId" in owner ? owner.activationId : null;
  await change.execute(sql`
    insert into mailboxes (address, organisation_id, direction, code_id, activation_id)
    values (${down}, ${change.organisationId}, 'down', ${codeId}, ${activationId}),
      (${up}, ${change.organisationId}, 'up', ${codeId}, ${activationId})`);
}

const mailbox = z.object({
  address: z.string(),
  organisationId: id<"organisation">(),
  direction: z.enum(["down", "up"]),
  codeId: id<"activation-code">().nullable(),
  activationId: id<"activation">().nullable(),
  lastSeq: z.int(),
  /** The sealed secrets of the activation whose it is. */
  material: z.string().nullable(),
  kekVersion: z.int().nullable(),
  /** The public half of its device's signing key. */
  deviceX: z.string().nullable(),
});

export type Mailbox = z.output<typeof mailbox>;

/** Those of some addresses that are ours. */
export async function listMailboxes(reader: Reader, addresses: readonly string[]): Promise<Mailbox[]> {
  return reader.rows(
    mailbox,
    sql`select m.address, m.organisation_id as "organisationId", m.direction, m.code_id as "codeId",
      m.activation_id as "activationId", m.last_seq as "lastSeq", a.material, a.kek_version as "kekVersion",
      a.device_x as "deviceX"
      from mailboxes m
      left join activations a on a.organisation_id = m.organisation_id and a.id = m.activation_id
      where m.address = any(${array(addresses, "text")})`,
  );
}

/** Up to which parcel a mailbox is read. */
export interface ReadUpTo {
  readonly address: string;
  readonly seq: number;
}

/** Never goes back, whoever else reads them. */
export function updateMailboxesRead(transaction: Transaction, read: readonly ReadUpTo[]): void {
  const addresses = read.map(({ address }) => address);
  transaction.executeLast(
    sql`update mailboxes m set last_seq = greatest(m.last_seq, r.seq)
      from unnest(${array(addresses, "text")}, ${array(
        read.map(({ seq }) => seq),
        "bigint",
      )}) as r (address, seq)
      where m.address = r.address`,
    { prepared: true },
  );
}

const relay = z.object({
  lastNews: z.int(),
  syncedAt: instant.nullable(),
  failedAt: instant.nullable(),
  failure: z.string().nullable(),
});

export type RelayRow = z.output<typeof relay>;

export async function findRelay(reader: Reader, origin: string): Promise<RelayRow | undefined> {
  return reader.row(
    relay,
    sql`select last_news as "lastNews", synced_at as "syncedAt", failed_at as "failedAt", failure
      from relays where origin = ${origin}`,
  );
}

/** News are read up to here, and everything that was due is delivered. */
export async function updateRelaySynced(
  transaction: Transaction,
  origin: string,
  { at, news }: { at: Date; news: number },
): Promise<void> {
  await transaction.execute(sql`
    insert into relays (origin, last_news, synced_at) values (${origin}, ${news}, ${at})
    on conflict (origin) do update set last_news = greatest(relays.last_news, excluded.last_news),
      synced_at = excluded.synced_at, failed_at = null, failure = null`);
}

export async function updateRelayFailed(
  transaction: Transaction,
  origin: string,
  { at, failure }: { at: Date; failure: string },
): Promise<void> {
  await transaction.execute(sql`
    insert into relays (origin, failed_at, failure) values (${origin}, ${at}, ${failure})
    on conflict (origin) do update set failed_at = excluded.failed_at, failure = excluded.failure`);
}
