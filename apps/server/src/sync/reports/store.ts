// The chain of a workstation's reports, and what each of them says that it holds and has done.

import type { ActivationId, ContentId, OrganisationId, UpdateId, UserId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../../db/change.ts";
import type { Reader } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { array, sql } from "../../db/sql.ts";

const device = z.object({
  activationId: id<"activation">(),
  userId: id<"user">(),
  workstation: z.string(),
  deviceX: z.string(),
  material: z.string(),
  kekVersion: z.int(),
  endedAt: instant.nullable(),
  nextVersion: z.int(),
  epoch: z.int(),
  /** The organisation's. */
  rootEpoch: z.int(),
  reportNumber: z.int(),
  pulseAt: instant.nullable(),
  formerPulseAt: instant.nullable(),
});

export type ReportingDevice = z.output<typeof device>;

/** The activation, whose reports are taken one after the other until the transaction ends. */
export async function lockDevice(
  change: Change,
  activationId: ActivationId,
): Promise<ReportingDevice | undefined> {
  return change.row(
    device,
    sql`
    select a.id as "activationId", a.user_id as "userId", w.name as workstation, a.device_x as "deviceX", a.material,
      a.kek_version as "kekVersion", a.ended_at as "endedAt", a.next_version as "nextVersion",
      coalesce((select max(u.epoch) from updates u
        where u.organisation_id = a.organisation_id and u.activation_id = a.id), 1) as epoch,
      coalesce((select max(r.epoch) from organisation_roots r where r.organisation_id = a.organisation_id), 1) as "rootEpoch",
      a.report_number as "reportNumber", a.pulse_at as "pulseAt", a.former_pulse_at as "formerPulseAt"
    from activations a
    join workstations w on w.organisation_id = a.organisation_id and w.id = a.workstation_id
    where a.organisation_id = ${change.organisationId} and a.id = ${activationId} and a.device is not null
    for no key update of a`,
    { prepared: true },
  );
}

const known = z.object({ number: z.int(), hash: z.string(), received: z.boolean() });

export type KnownReport = z.output<typeof known>;

/** What is known of a report and of the one before it. */
export async function listKnownReports(
  reader: Reader,
  organisationId: OrganisationId,
  { activationId, number }: { activationId: ActivationId; number: number },
): Promise<KnownReport[]> {
  return reader.rows(
    known,
    sql`select number, hash, received_at is not null as received from reports
      where organisation_id = ${organisationId} and activation_id = ${activationId}
        and number in (${number}, ${number - 1})`,
    { prepared: true },
  );
}

export interface TakenReport {
  readonly activationId: ActivationId;
  readonly number: number;
  readonly hash: string;
  readonly verdict: string;
  /** Of the report before, if it named one. */
  readonly before: string | null;
}

/** Remembers a report, and the hash of the one before it in case that never comes. */
export async function insertReport(
  change: Change,
  { activationId, number, hash, verdict, before }: TakenReport,
): Promise<void> {
  await change.execute(
    sql`
    insert into reports (organisation_id, activation_id, number, hash, received_at, verdict)
    select ${change.organisationId}, ${activationId}, r.number, r.hash, r.at, r.verdict
    from (values (${number}::integer, ${hash}::text, ${change.at}::timestamptz, ${verdict}::text),
      (${number - 1}::integer, ${before}::text, null, null)) as r (number, hash, at, verdict)
    where r.hash is not null
    on conflict (organisation_id, activation_id, number) do update
      set received_at = excluded.received_at, verdict = excluded.verdict
      where reports.received_at is null and excluded.received_at is not null and reports.hash = excluded.hash`,
    { prepared: true },
  );
}

/** What the newest report says of the device itself. */
export interface Told {
  readonly activationId: ActivationId;
  readonly number: number;
  readonly os: string;
  readonly client: string;
  readonly keystore: string;
  readonly clockSkewSeconds: number;
  readonly openedAt: Date | null;
  readonly nextBox: string | null;
  readonly nextOrdersBox: string | null;
}

export async function updateDevice(change: Change, told: Told): Promise<void> {
  await change.execute(
    sql`
    update activations set report_number = ${told.number}, last_report_at = case when applied_version > 0 then ${change.at}::timestamptz end,
      os = ${told.os}, client = ${told.client}, keystore = ${told.keystore}, clock_skew_seconds = ${told.clockSkewSeconds},
      opened_at = greatest(opened_at, ${told.openedAt}::timestamptz), box = coalesce(${told.nextBox}, box),
      orders_box = coalesce(${told.nextOrdersBox}, orders_box)
    where organisation_id = ${change.organisationId} and id = ${told.activationId} and report_number < ${told.number}`,
    { prepared: true },
  );
}

/**
 * Where to seal from now on, from a report that answers nothing lately sent: after a backup was restored the device's
 * keys may have turned twice, and nothing that is sealed to the former ones would ever open.
 */
export async function updateBoxes(
  change: Change,
  activationId: ActivationId,
  { nextBox, nextOrdersBox }: Pick<Told, "nextBox" | "nextOrdersBox">,
): Promise<void> {
  await change.execute(sql`
    update activations set box = coalesce(${nextBox}, box), orders_box = coalesce(${nextOrdersBox}, orders_box)
    where organisation_id = ${change.organisationId} and id = ${activationId}`);
}

const made = z.object({ hash: z.string() });

/** The digest of the Key-File that this server made under a version. */
export async function findKeyFileHash(
  reader: Reader,
  organisationId: OrganisationId,
  { activationId, epoch, version }: { activationId: ActivationId; epoch: number; version: number },
): Promise<string | undefined> {
  const row = await reader.row(
    made,
    sql`select key_file_hash as hash from updates
      where organisation_id = ${organisationId} and activation_id = ${activationId} and epoch = ${epoch}
        and version = ${version} and key_file_hash is not null`,
    { prepared: true },
  );
  return row?.hash;
}

const content = z.object({ id: id<"content">(), fingerprint: z.string() });

/** The contents that some fingerprints name, as far as they are known. */
export async function listContentsByFingerprint(
  reader: Reader,
  organisationId: OrganisationId,
  fingerprints: readonly string[],
): Promise<ReadonlyMap<string, ContentId>> {
  const rows = await reader.rows(
    content,
    sql`select c.id, f.hex as fingerprint from unnest(${array(fingerprints, "text")}) as f (hex)
      join contents c on c.organisation_id = ${organisationId} and c.fingerprint = decode(f.hex, 'hex')`,
    { prepared: true },
  );
  return new Map(rows.map(({ id, fingerprint }) => [fingerprint, id]));
}

export interface HeldKeyFile {
  readonly activationId: ActivationId;
  readonly userId: UserId;
  readonly epoch: number;
  readonly version: number;
}

/** The Key-File with this version is held: it is processed, and what was posted before it is overtaken. */
export async function updateKeyFilesHeld(
  change: Change,
  { activationId, userId, epoch, version }: HeldKeyFile,
): Promise<number> {
  const written = await change.execute(
    sql`
    update updates set ended_at = ${change.at},
      state = case when (epoch, version) = (${epoch}::integer, ${version}::integer) then 'processed' else 'superseded' end
    where organisation_id = ${change.organisationId} and activation_id = ${activationId} and kind = 'key-file'
      and state in ('posted', 'fetched') and (epoch, version) <= (${epoch}::integer, ${version}::integer)`,
    { prepared: true },
  );
  await change.execute(
    sql`
    update activations a set applied_epoch = ${epoch},
      workstation_content_id = coalesce((select u.workstation_content_id from updates u
        where u.organisation_id = a.organisation_id and u.activation_id = a.id and u.epoch = ${epoch}
          and u.version = ${version}), a.workstation_content_id)
    where a.organisation_id = ${change.organisationId} and a.id = ${activationId}`,
    { prepared: true },
  );
  change.touchUsers([userId]);
  return written;
}

const outcome = z.object({ id: id<"update">(), kind: z.string() });

/**
 * Ends an order as the workstation says. That a wipe was cancelled too late is believed as well: nothing is left there.
 * @returns it, unless it had ended before or is another's.
 */
export async function endOrder(
  change: Change,
  { activationId, userId }: Pick<HeldKeyFile, "activationId" | "userId">,
  result: { id: UpdateId; outcome: "processed" | "failed"; code: string | null; detail: string },
): Promise<z.output<typeof outcome> | undefined> {
  change.touchUsers([userId]);
  const ended = await change.row(
    outcome,
    sql`
    update updates set state = ${result.outcome}, ended_at = ${change.at}, outcome_code = ${result.code},
      outcome_detail = nullif(${result.detail}, '')
    where organisation_id = ${change.organisationId} and activation_id = ${activationId} and id = ${result.id}
      and (state in ('posted', 'fetched')
        or (state = 'cancelled' and kind = 'deactivate' and ${result.outcome} = 'processed'))
    returning id, kind`,
  );
  if (ended?.kind === "workstation-policy" && result.outcome === "processed") {
    await change.execute(sql`
      update activations a set workstation_content_id = u.workstation_content_id
      from updates u where u.organisation_id = ${change.organisationId} and u.id = ${result.id}
        and a.organisation_id = u.organisation_id and a.id = u.activation_id`);
  }
  return ended;
}

/** The workstation could not apply a Key-File. */
export async function updateKeyFileFailed(
  change: Change,
  { activationId, userId, epoch, version }: HeldKeyFile,
  result: { code: string | null; detail: string },
): Promise<void> {
  await change.execute(sql`
    update updates set state = 'failed', ended_at = ${change.at}, outcome_code = ${result.code},
      outcome_detail = nullif(${result.detail}, '')
    where organisation_id = ${change.organisationId} and activation_id = ${activationId} and kind = 'key-file'
      and epoch = ${epoch} and version = ${version} and state in ('posted', 'fetched')`);
  change.touchUsers([userId]);
}

/**
 * The workstation refused a box. Only the outstanding Key-File that was put in that very box is rejected.
 * @returns whether there was one; a box that nobody put is an alarm, and turns nobody red.
 */
export async function updateKeyFileRejected(
  change: Change,
  { activationId, userId }: Pick<HeldKeyFile, "activationId" | "userId">,
  { boxHash, code }: { boxHash: string; code: string },
): Promise<boolean> {
  const written = await change.execute(sql`
    update updates set state = 'rejected', ended_at = ${change.at}, outcome_code = ${code}
    where organisation_id = ${change.organisationId} and activation_id = ${activationId} and kind = 'key-file'
      and ${boxHash} = any(box_hashes) and state in ('posted', 'fetched')`);
  change.touchUsers([userId]);
  return written > 0;
}

/** Says since when two devices continue one chain of reports. */
export async function updateForked(change: Change, activationId: ActivationId): Promise<void> {
  await change.execute(sql`
    update activations set forked_at = coalesce(forked_at, ${change.at})
    where organisation_id = ${change.organisationId} and id = ${activationId}`);
}

const outstanding = z.object({ holds: z.boolean() });

/** Whether a Key-File is on its way to a workstation. */
export async function isKeyFileOutstanding(
  reader: Reader,
  organisationId: OrganisationId,
  activationId: ActivationId,
): Promise<boolean> {
  const row = await reader.row(
    outstanding,
    sql`select exists (select from updates where organisation_id = ${organisationId}
      and activation_id = ${activationId} and kind = 'key-file' and state in ('posted', 'fetched')) as holds`,
  );
  return row?.holds === true;
}

/** A workstation holds something newer than this server ever made: the server was restored from a backup. */
export async function updateAhead(
  change: Change,
  activationId: ActivationId,
  { epoch, version }: { epoch: number; version: number },
): Promise<void> {
  await change.execute(sql`
    update activations set ahead_epoch = ${epoch}, ahead_version = ${version}
    where organisation_id = ${change.organisationId} and id = ${activationId}`);
}
