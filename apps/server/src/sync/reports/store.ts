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
  material: z.string(),
  kekVersion: z.int(),
  endedAt: instant.nullable(),
  nextVersion: z.int(),
  epoch: z.int(),
  /** The organisation's. */
  rootEpoch: z.int(),
  reportNumber: z.int(),
  appliedVersion: z.int(),
  appliedTeam: id<"content">().nullable(),
  appliedOwn: id<"content">().nullable(),
  pulseAt: instant.nullable(),
  formerPulseAt: instant.nullable(),
});

export type ReportingDevice = z.output<typeof device>;

/** Columns of what is sent as one statement. */
const idsOf = (rows: readonly { readonly activationId: ActivationId }[]) =>
  array(
    rows.map(({ activationId }) => activationId),
    "uuid",
  );
function integers<Name extends string>(rows: readonly Readonly<Record<Name, number | null>>[], name: Name) {
  return array(
    rows.map((row) => row[name]),
    "integer",
  );
}
function texts<Name extends string>(rows: readonly Readonly<Record<Name, string | null>>[], name: Name) {
  return array(
    rows.map((row) => row[name]),
    "text",
  );
}

/** Those of some activations that have a device; their reports are taken one after the other until the transaction ends. */
export async function lockDevices(
  change: Change,
  activationIds: readonly ActivationId[],
): Promise<ReadonlyMap<ActivationId, ReportingDevice>> {
  const rows = await change.rows(
    device,
    sql`
    select a.id as "activationId", a.user_id as "userId", w.name as workstation, a.material,
      a.kek_version as "kekVersion", a.ended_at as "endedAt", a.next_version as "nextVersion",
      coalesce((select max(u.epoch) from updates u
        where u.organisation_id = a.organisation_id and u.activation_id = a.id), 1) as epoch,
      coalesce((select max(r.epoch) from organisation_roots r where r.organisation_id = a.organisation_id), 1) as "rootEpoch",
      a.report_number as "reportNumber", a.applied_version as "appliedVersion",
      a.applied_team_content_id as "appliedTeam", a.applied_own_content_id as "appliedOwn", a.pulse_at as "pulseAt", a.former_pulse_at as "formerPulseAt"
    from activations a
    join workstations w on w.organisation_id = a.organisation_id and w.id = a.workstation_id
    where a.organisation_id = ${change.organisationId} and a.id = any(${array(activationIds, "uuid")})
      and a.device is not null
    order by a.id
    for no key update of a`,
    { prepared: true },
  );
  return new Map(rows.map((row) => [row.activationId, row]));
}

const known = z.object({
  activationId: id<"activation">(),
  number: z.int(),
  hash: z.string(),
  received: z.boolean(),
});

export type KnownReport = z.output<typeof known>;

/** What is known of some reports and of those before them. */
export async function listKnownReports(
  reader: Reader,
  organisationId: OrganisationId,
  reports: readonly { readonly activationId: ActivationId; readonly number: number }[],
): Promise<KnownReport[]> {
  return reader.rows(
    known,
    sql`select r.activation_id as "activationId", r.number, r.hash, r.received_at is not null as received
      from unnest(${idsOf(reports)}, ${integers(reports, "number")}) as n (activation_id, number)
      join reports r on r.organisation_id = ${organisationId} and r.activation_id = n.activation_id
        and r.number between n.number - 1 and n.number`,
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

/** Remembers reports, and the hash of the one before each in case that never comes. */
export async function insertReports(change: Change, taken: readonly TakenReport[]): Promise<void> {
  await change.execute(
    sql`
    insert into reports (organisation_id, activation_id, number, hash, received_at, verdict)
    select ${change.organisationId}, t.activation_id, r.number, r.hash, r.at, r.verdict
    from unnest(${idsOf(taken)}, ${integers(taken, "number")}, ${texts(taken, "hash")}, ${texts(taken, "verdict")},
      ${texts(taken, "before")}) as t (activation_id, number, hash, verdict, before)
    cross join lateral (values (t.number, t.hash, ${change.at}::timestamptz, t.verdict),
      (t.number - 1, t.before, null, null)) as r (number, hash, at, verdict)
    where r.hash is not null
    order by t.activation_id, r.number
    on conflict (organisation_id, activation_id, number) do update
      set received_at = excluded.received_at, verdict = excluded.verdict
      where reports.received_at is null and excluded.received_at is not null and reports.hash = excluded.hash`,
    { prepared: true },
  );
}

/** What the newest report of a device says of it, and which of our Key-Files it holds, if it does. */
export interface Told {
  readonly activationId: ActivationId;
  readonly userId: UserId;
  readonly number: number;
  readonly os: string;
  readonly client: string;
  readonly keystore: string;
  readonly clockSkewSeconds: number;
  readonly openedAt: string | null;
  readonly nextBox: string | null;
  readonly nextOrdersBox: string | null;
  readonly held: HeldContents | null;
}

/** A Key-File of ours, by its version and what is in it. */
export interface HeldContents {
  readonly epoch: number;
  readonly version: number;
  readonly team: ContentId;
  readonly own: ContentId;
  /** Than what was known before. Most only say that all is as it was, and change nobody's status. */
  readonly isOther: boolean;
}

/**
 * An older version than the one known changes nothing of what is held. Whoever holds a Key-File holds the roots that came
 * with it: what is sent from now on need not bring them.
 */
export async function updateDevices(change: Change, told: readonly Told[]): Promise<void> {
  const held = told.map((each) => each.held ?? { epoch: null, version: null, team: null, own: null });
  await change.execute(
    sql`
    update activations a set report_number = t.number, os = t.os, client = t.client, keystore = t.keystore,
      clock_skew_seconds = t.clock_skew_seconds, opened_at = greatest(a.opened_at, t.opened_at::timestamptz),
      box = coalesce(t.next_box, a.box), orders_box = coalesce(t.next_orders_box, a.orders_box),
      last_report_at = case when greatest(a.applied_version, t.version) > 0 then ${change.at}::timestamptz end,
      applied_version = greatest(a.applied_version, t.version), applied_epoch = coalesce(t.epoch, a.applied_epoch),
      applied_team_content_id = case when t.version >= a.applied_version then t.team else a.applied_team_content_id end,
      applied_own_content_id = case when t.version >= a.applied_version then t.own else a.applied_own_content_id end,
      workstation_content_id = coalesce(u.workstation_content_id, a.workstation_content_id),
      root_version = greatest(a.root_version, u.root_version)
    from unnest(${idsOf(told)}, ${integers(told, "number")}, ${texts(told, "os")}, ${texts(told, "client")},
      ${texts(told, "keystore")}, ${integers(told, "clockSkewSeconds")}, ${texts(told, "openedAt")},
      ${texts(told, "nextBox")}, ${texts(told, "nextOrdersBox")}, ${integers(held, "epoch")},
      ${integers(held, "version")}, ${array(
        held.map(({ team }) => team),
        "uuid",
      )},
      ${array(
        held.map(({ own }) => own),
        "uuid",
      )})
      as t (id, number, os, client, keystore, clock_skew_seconds, opened_at, next_box, next_orders_box, epoch, version,
        team, own)
    left join updates u on u.organisation_id = ${change.organisationId} and u.activation_id = t.id
      and u.kind = 'key-file' and u.epoch = t.epoch and u.version = t.version
    where a.organisation_id = ${change.organisationId} and a.id = t.id and a.report_number < t.number`,
    { prepared: true },
  );
  change.touchUsers(told.filter((each) => each.held?.isOther === true).map(({ userId }) => userId));
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

interface Whose {
  readonly activationId: ActivationId;
  readonly userId: UserId;
}

export interface Held {
  readonly activationId: ActivationId;
  readonly epoch: number;
  readonly version: number;
}

const made = z.object({ activationId: id<"activation">(), hash: z.string() });

/** The digests of the Key-Files that this server made under some versions, one for each activation. */
export async function listKeyFileHashes(
  reader: Reader,
  organisationId: OrganisationId,
  held: readonly Held[],
): Promise<ReadonlyMap<ActivationId, string>> {
  const rows = await reader.rows(
    made,
    sql`select u.activation_id as "activationId", u.key_file_hash as hash
      from unnest(${idsOf(held)}, ${integers(held, "epoch")}, ${integers(held, "version")}) as h (id, epoch, version)
      join updates u on u.organisation_id = ${organisationId} and u.activation_id = h.id and u.epoch = h.epoch
        and u.version = h.version
      where u.key_file_hash is not null`,
    { prepared: true },
  );
  return new Map(rows.map(({ activationId, hash }) => [activationId, hash]));
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

const ended = z.object({ activationId: id<"activation">() });

/**
 * These Key-Files are held: they are processed, and what was posted before them is overtaken.
 * @returns where something was outstanding.
 */
export async function endKeyFilesHeld(
  change: Change,
  held: readonly (Held & Whose)[],
): Promise<ReadonlySet<ActivationId>> {
  const rows = await change.rows(
    ended,
    sql`
    update updates u set ended_at = ${change.at},
      state = case when (u.epoch, u.version) = (h.epoch, h.version) then 'processed' else 'superseded' end
    from unnest(${idsOf(held)}, ${integers(held, "epoch")}, ${integers(held, "version")}) as h (id, epoch, version)
    where u.organisation_id = ${change.organisationId} and u.activation_id = h.id and u.kind = 'key-file'
      and u.state in ('posted', 'fetched') and (u.epoch, u.version) <= (h.epoch, h.version)
    returning u.activation_id as "activationId"`,
    { prepared: true },
  );
  const found = new Set(rows.map(({ activationId }) => activationId));
  change.touchUsers(held.filter(({ activationId }) => found.has(activationId)).map(({ userId }) => userId));
  return found;
}

const outcome = z.object({ id: id<"update">(), kind: z.string() });

/**
 * Ends an order as the workstation says. That a wipe was cancelled too late is believed as well: nothing is left there.
 * @returns it, unless it had ended before or is another's.
 */
export async function endOrder(
  change: Change,
  { activationId, userId }: Whose,
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
  { activationId, userId, epoch, version }: Held & Whose,
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
  { activationId, userId }: Whose,
  { boxHash, code }: { boxHash: string; code: string },
): Promise<boolean> {
  const written = await change.execute(sql`
    update updates set state = 'rejected', ended_at = ${change.at}, outcome_code = ${code}
    where organisation_id = ${change.organisationId} and activation_id = ${activationId} and kind = 'key-file'
      and ${boxHash} = any(box_hashes) and state in ('posted', 'fetched')`);
  change.touchUsers([userId]);
  return written > 0;
}

const found = z.object({ holds: z.boolean() });

/** Whether a Key-File was put in that very box, whatever has become of it. */
export async function isBoxOurs(
  change: Change,
  activationId: ActivationId,
  boxHash: string,
): Promise<boolean> {
  const row = await change.row(
    found,
    sql`select exists (select from updates where organisation_id = ${change.organisationId}
      and activation_id = ${activationId} and kind = 'key-file' and ${boxHash} = any(box_hashes)) as holds`,
  );
  return row?.holds === true;
}

/** Says since when two devices continue one chain of reports. */
export async function updateForked(change: Change, activationId: ActivationId): Promise<void> {
  await change.execute(sql`
    update activations set forked_at = coalesce(forked_at, ${change.at})
    where organisation_id = ${change.organisationId} and id = ${activationId}`);
}

/** Whether a Key-File is on its way to a workstation. */
export async function isKeyFileOutstanding(
  reader: Reader,
  organisationId: OrganisationId,
  activationId: ActivationId,
): Promise<boolean> {
  const row = await reader.row(
    found,
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
