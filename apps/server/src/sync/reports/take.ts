// Takes reports: what workstations hold, what they have done, what they refused. Its place in the chain decides what of
// each counts; protocol §9. Many at once cost the database hardly more than one.

import type { ActivationId, ContentId, OrganisationId, UpdateId } from "@lockstep/core";
import {
  judgeReport,
  type BoxIdentities,
  type Report,
  type ReportVerdict,
  type VerifiedReport,
} from "@lockstep/keyfile";

import { nonceOf, openActivationSecrets } from "../../activations/secrets.ts";
import { endActivation } from "../../activations/store.ts";
import type { Change } from "../../db/change.ts";
import type { Transaction } from "../../db/database.ts";
import { changeFacts } from "../../facts/change.ts";
import { postKeyFiles } from "../../updates/store.ts";
import { keyFileNonce, pulseNonce } from "../compose.ts";
import type { OpenedReport } from "../boxes.ts";
import type { Delivering } from "../deliver.ts";
import { writingOf } from "../writing.ts";
import {
  endKeyFilesHeld,
  endOrder,
  insertReports,
  isBoxOurs,
  isKeyFileOutstanding,
  listContentsByFingerprint,
  listKeyFileHashes,
  listKnownReports,
  lockDevices,
  updateAhead,
  updateBoxes,
  updateDevices,
  updateForked,
  updateKeyFileFailed,
  updateKeyFileRejected,
  type Held,
  type ReportingDevice,
} from "./store.ts";

type TakingReports = Pick<Delivering, "database" | "clock" | "keyEncryption" | "signersOf" | "boxes">;

/** What opens an organisation's reports. */
type ReplyKeysOf = (organisationId: OrganisationId) => Promise<BoxIdentities>;

async function replyKeysOf({ database, signersOf }: TakingReports, organisationId: OrganisationId) {
  const signers = await database.snapshot((snapshot) => signersOf(snapshot, organisationId));
  return signers.openReplyIdentities();
}

/** Reads and unseals the keys once for each organisation: for reports that are taken together, and no longer. */
export function replyKeysOnce(taking: TakingReports): ReplyKeysOf {
  const known = new Map<OrganisationId, Promise<BoxIdentities>>();
  return (organisationId) => {
    const keys = known.get(organisationId) ?? replyKeysOf(taking, organisationId);
    known.set(organisationId, keys);
    return keys;
  };
}

/** A box, and whose it says to be by the mailbox that it lay in. */
interface Sent {
  readonly activationId: ActivationId;
  /** The public half of the device's signing key: that of the activation, for good. */
  readonly deviceX: string;
  /** As base64url. */
  readonly body: string;
}

/** What reports have in common that came together. */
interface Together {
  readonly keysOf: ReplyKeysOf;
  /** Called in the transaction that writes what the reports say, if any of them says anything. */
  readonly onTaken: (transaction: Transaction) => void;
}

interface Opened {
  readonly activationId: ActivationId;
  readonly report: Exclude<OpenedReport, null>;
}

/** Those that open with one of the keys. */
async function openReports(
  { boxes }: TakingReports,
  organisationId: OrganisationId,
  { sent, keys }: { sent: readonly Sent[]; keys: BoxIdentities },
): Promise<{ opened: Opened[]; closed: Sent[] }> {
  const asked = sent.map(({ activationId: act, deviceX, body }) => ({
    org: organisationId,
    act,
    deviceX,
    body,
  }));
  const reports = await boxes.open(keys, asked);
  const opened = sent.flatMap(({ activationId }, at) => {
    const report = reports[at] ?? null;
    return report === null ? [] : [{ activationId, report }];
  });
  return { opened, closed: sent.filter((_, at) => (reports[at] ?? null) === null) };
}

/**
 * Takes one report of each of some activations of an organisation: all of them, or none. What does not open, or is not
 * signed by the device, changes nothing: anybody who can write to the relay could put it.
 */
export async function takeReports(
  taking: TakingReports,
  organisationId: OrganisationId,
  sent: readonly Sent[],
  { keysOf, onTaken }: Together,
): Promise<void> {
  const { opened, closed } = await openReports(taking, organisationId, {
    sent,
    keys: await keysOf(organisationId),
  });
  if (closed.length > 0) {
    // There may be newer keys since those were read.
    const keys = await replyKeysOf(taking, organisationId);
    opened.push(...(await openReports(taking, organisationId, { sent: closed, keys })).opened);
  }
  if (opened.length === 0) return;
  await changeFacts(writingOf(taking), organisationId, async (change) => {
    onTaken(change);
    const ids = opened.map(({ activationId }) => activationId);
    const devices = await lockDevices(change, ids);
    const said: Said[] = [];
    for (const { activationId, report } of opened) {
      const device = devices.get(activationId);
      if (device === undefined) continue;
      if (typeof report !== "string") {
        said.push({ device, ...report, nonces: await noncesOf(taking, change, device) });
        continue;
      }
      const detail = { workstation: device.workstation, code: report };
      change.record({ kind: "report-foreign", userId: device.userId, detail });
    }
    await takeSaid(change, said);
  });
}

/** The nonces that an answer to something sent lately can have. */
async function noncesOf(
  { keyEncryption }: TakingReports,
  { organisationId }: Change,
  device: ReportingDevice,
): Promise<string[]> {
  const { activationId, nextVersion, pulseAt, formerPulseAt } = device;
  const secrets = await openActivationSecrets(keyEncryption, { organisationId, activationId }, device);
  const versions = [nextVersion - 1, nextVersion - 2, nextVersion - 3].filter((version) => version > 0);
  const pulses = [pulseAt, formerPulseAt].filter((at) => at !== null);
  const objects = [...versions.map(keyFileNonce), ...pulses.map(pulseNonce)];
  return objects.map((object) => nonceOf(secrets, object));
}

/** What a device has said, and by which nonces it may say so. */
interface Said extends VerifiedReport {
  readonly device: ReportingDevice;
  readonly nonces: readonly string[];
}

interface Judged extends Said {
  readonly verdict: Exclude<ReportVerdict, "duplicate">;
}

async function takeSaid(change: Change, said: readonly Said[]): Promise<void> {
  const judged = await judge(change, said);
  if (judged.length === 0) return;
  const ours = await listOurs(change, judged);
  const newest = judged.filter(({ verdict }) => verdict === "newest");
  await Promise.all([remember(change, judged), takeHeld(change, newest, ours)]);
  for (const each of judged)
    await new Taking(change, each.device).take(each, ours.get(each.device.activationId));
}

async function judge(change: Change, said: readonly Said[]): Promise<Judged[]> {
  const numbered = said.map(({ device: { activationId }, report: { rseq: number } }) => ({
    activationId,
    number,
  }));
  const known = await listKnownReports(change, change.organisationId, numbered);
  const knownAt = new Map(known.map((each) => [`${each.activationId} ${each.number}`, each]));
  const judged: Judged[] = [];
  for (const each of said) {
    const { activationId, reportNumber, endedAt } = each.device;
    const verdict = judgeReport(each, {
      lastSeq: reportNumber,
      known: (number) => knownAt.get(`${activationId} ${number}`),
      nonces: each.nonces,
      isActive: endedAt === null,
    });
    if (verdict !== "duplicate") judged.push({ ...each, verdict });
  }
  return judged;
}

function remember(change: Change, judged: readonly Judged[]): Promise<void> {
  const taken = judged.map(({ device: { activationId }, report, hash, verdict }) => ({
    activationId,
    number: report.rseq,
    hash,
    verdict,
    before: report.prev_report_hash,
  }));
  return insertReports(change, taken);
}

type Applied = NonNullable<Report["applied"]>;

/** A Key-File that this server made, and what is in it as far as it is known here. */
interface Ours extends Held {
  readonly team: ContentId | null;
  readonly own: ContentId | null;
}

/** Which of those that are held this server made: under that version, and with these bytes. */
async function listOurs(change: Change, judged: readonly Judged[]): Promise<ReadonlyMap<ActivationId, Ours>> {
  const holding = judged.flatMap(({ device, report: { applied } }) => {
    if (applied === null || applied.epoch > device.epoch || applied.ver >= device.nextVersion) return [];
    return [{ applied, activationId: device.activationId, epoch: applied.epoch, version: applied.ver }];
  });
  if (holding.length === 0) return new Map();
  const fingerprints = new Set(holding.flatMap(({ applied }) => [applied.team_content, applied.own_content]));
  const [made, contents] = await Promise.all([
    listKeyFileHashes(change, change.organisationId, holding),
    listContentsByFingerprint(change, change.organisationId, [...fingerprints]),
  ]);
  const ours = holding.filter(({ activationId, applied }) => {
    const hash = made.get(activationId);
    return hash === undefined || hash === applied.kf_hash;
  });
  const contentOf = (fingerprint: string) => contents.get(fingerprint) ?? null;
  return new Map(
    ours.map(({ applied, ...held }) => [
      held.activationId,
      { ...held, team: contentOf(applied.team_content), own: contentOf(applied.own_content) },
    ]),
  );
}

/** A Key-File of ours with contents that are known here. */
function isKnown(held: Ours | undefined): held is Ours & { team: ContentId; own: ContentId } {
  return held !== undefined && held.team !== null && held.own !== null;
}

function isOther({ appliedVersion, appliedTeam, appliedOwn }: ReportingDevice, { version, team, own }: Ours) {
  return version !== appliedVersion || team !== appliedTeam || own !== appliedOwn;
}

/** What the newest reports say of the devices, and of what they hold by now. */
async function takeHeld(
  change: Change,
  newest: readonly Judged[],
  ours: ReadonlyMap<ActivationId, Ours>,
): Promise<void> {
  if (newest.length === 0) return;
  const told = newest.map(({ device, report }) => {
    const { activationId, userId } = device;
    const held = ours.get(activationId);
    return {
      activationId,
      userId,
      number: report.rseq,
      os: report.facts.os,
      client: report.facts.client,
      keystore: report.facts.keystore,
      clockSkewSeconds: report.facts.clock_skew_s,
      openedAt: report.opened_at === null ? null : new Date(report.opened_at * 1000).toISOString(),
      nextBox: report.next_box,
      nextOrdersBox: report.next_orders_box,
      held: isKnown(held) ? { ...held, isOther: isOther(device, held) } : null,
    };
  });
  const held = told.flatMap(({ activationId, userId, held: key }) =>
    key === null ? [] : [{ activationId, userId, epoch: key.epoch, version: key.version }],
  );
  const [, ended] = await Promise.all([
    updateDevices(change, told),
    held.length === 0 ? new Set() : endKeyFilesHeld(change, held),
  ]);
  for (const { device } of newest) {
    if (!ended.has(device.activationId)) continue;
    const detail = { workstation: device.workstation, version: ours.get(device.activationId)?.version };
    change.record({ kind: "key-file-processed", userId: device.userId, detail });
  }
}

/** The rest of one report, which most reports have nothing of. */
class Taking {
  readonly #change: Change;
  readonly #device: ReportingDevice;

  constructor(change: Change, device: ReportingDevice) {
    this.#change = change;
    this.#device = device;
  }

  async take({ report, verdict }: Judged, held: Ours | undefined): Promise<void> {
    const { applied } = report;
    switch (verdict) {
      case "newest":
        if (applied !== null && !isKnown(held)) await this.#markAhead(applied);
        await this.#takeResults(report);
        return;
      case "foreign-nonce":
        // It answers nothing that this server remembers: it is very old, or the server came from a backup.
        await updateBoxes(this.#change, this.#device.activationId, {
          nextBox: report.next_box,
          nextOrdersBox: report.next_orders_box,
        });
        if (applied !== null && held === undefined) await this.#markAhead(applied);
        await this.#takeResults(report);
        return;
      case "late":
        // Its results are its own and true; what it holds by now is said by another.
        await this.#takeResults(report);
        return;
      case "revoked":
        // Only that the wipe is done: it changes nothing but the update.
        await this.#takeOrders(report);
        return;
      case "fork":
        await updateForked(this.#change, this.#device.activationId);
        this.#record("workstation-cloned", {});
        return;
    }
  }

  /**
   * It holds what this server never made: its database came from a backup. Once another epoch was begun for that, what it
   * should hold is posted at last; until then nothing would be accepted.
   */
  async #markAhead({ epoch, ver: version }: Applied): Promise<void> {
    const { activationId, userId, rootEpoch } = this.#device;
    if (epoch >= rootEpoch) {
      await updateAhead(this.#change, activationId, { epoch, version });
      this.#record("server-behind", { version });
    } else if (!(await isKeyFileOutstanding(this.#change, this.#change.organisationId, activationId))) {
      await postKeyFiles(this.#change, [userId], { onlyTo: activationId });
      this.#record("key-file-posted", {});
    }
  }

  async #takeResults(report: Report): Promise<void> {
    await this.#takeOrders(report);
    const { activationId, userId } = this.#device;
    for (const result of report.results) {
      if ("order" in result || result.outcome === "processed") continue;
      const { epoch, ver: version, code, detail } = result;
      await updateKeyFileFailed(this.#change, { activationId, userId, epoch, version }, { code, detail });
      this.#record("key-file-failed", { version, code: code ?? "unknown" });
    }
    for (const { blob_hash: boxHash, code } of report.rejected) {
      // Whatever was on its way when the issuer was rotated has been signed anew.
      if (code === "retired" && (await isBoxOurs(this.#change, activationId, boxHash))) continue;
      const isOurs = await updateKeyFileRejected(this.#change, { activationId, userId }, { boxHash, code });
      this.#record(isOurs ? "key-file-rejected" : "box-refused", { code });
    }
  }

  async #takeOrders(report: Report): Promise<void> {
    const { activationId, userId } = this.#device;
    for (const result of report.results) {
      if (!("order" in result)) continue;
      const { order: id, outcome, code, detail } = result;
      const given = { id: id as UpdateId, outcome, code, detail };
      const ended = await endOrder(this.#change, { activationId, userId }, given);
      if (ended === undefined) continue;
      const kind = outcome === "processed" ? "command-processed" : "command-failed";
      this.#record(kind, { command: ended.kind, code: code ?? "unknown" });
      if (ended.kind !== "deactivate" || outcome !== "processed") continue;
      await endActivation(this.#change, activationId, userId);
      this.#record("workstation-deactivated", {});
    }
  }

  #record(kind: Parameters<Change["record"]>[0]["kind"], detail: Readonly<Record<string, unknown>>): void {
    const { userId, workstation } = this.#device;
    this.#change.record({ kind, userId, detail: { workstation, ...detail } });
  }
}
