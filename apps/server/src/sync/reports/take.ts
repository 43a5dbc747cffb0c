// Takes a report: what the workstation holds, what it has done, what it refused. Its place in the chain decides what of
// it counts; protocol §9.

import type { ActivationId, OrganisationId, UpdateId } from "@lockstep/core";
import {
  judgeReport,
  openBox,
  verifyReport,
  type BoxIdentities,
  type Report,
  type ReportVerdict,
  type VerifiedReport,
} from "@lockstep/keyfile";

import { nonceOf, openActivationSecrets, type ActivationSecrets } from "../../activations/secrets.ts";
import { endActivation, updateApplied } from "../../activations/store.ts";
import type { Change } from "../../db/change.ts";
import type { Transaction } from "../../db/database.ts";
import { changeFacts } from "../../facts/change.ts";
import { postKeyFiles } from "../../updates/store.ts";
import { keyFileNonce, pulseNonce } from "../compose.ts";
import type { Delivering } from "../deliver.ts";
import { writingOf } from "../writing.ts";
import {
  endOrder,
  findKeyFileHash,
  insertReport,
  isKeyFileOutstanding,
  listContentsByFingerprint,
  listKnownReports,
  lockDevice,
  updateAhead,
  updateBoxes,
  updateDevice,
  updateForked,
  updateKeyFileFailed,
  updateKeyFileRejected,
  updateKeyFilesHeld,
  type KnownReport,
  type ReportingDevice,
} from "./store.ts";

interface Whose {
  readonly organisationId: OrganisationId;
  readonly activationId: ActivationId;
}

type TakingReports = Pick<Delivering, "database" | "clock" | "keyEncryption" | "signersOf">;

/** What opens an organisation's reports. */
type ReplyKeysOf = (organisationId: OrganisationId) => Promise<BoxIdentities>;

async function replyKeysOf({ database, signersOf }: TakingReports, organisationId: OrganisationId) {
  const signers = await database.snapshot((snapshot) => signersOf(snapshot, organisationId));
  return signers.openReplyIdentities();
}

/** Reads and unseals the keys once for each organisation: for reports that are taken together, and no longer. */
export function replyKeysOnce(taking: TakingReports): ReplyKeysOf {
  const opened = new Map<OrganisationId, Promise<BoxIdentities>>();
  return (organisationId) => {
    const keys = opened.get(organisationId) ?? replyKeysOf(taking, organisationId);
    opened.set(organisationId, keys);
    return keys;
  };
}

/** What a report has in common with those that came with it. */
interface Together {
  readonly keysOf: ReplyKeysOf;
  /** Called in the transaction that writes what the report says. */
  readonly onTaken: (transaction: Transaction) => void;
}

/** What does not open, or is not signed by the device, changes nothing: anybody who can write to the relay could put it. */
export async function takeReport(
  taking: TakingReports,
  whose: Whose,
  body: Uint8Array,
  { keysOf, onTaken }: Together = { keysOf: replyKeysOnce(taking), onTaken: () => undefined },
): Promise<void> {
  const { organisationId, activationId } = whose;
  const opened = await openBox(body, await keysOf(organisationId));
  // There may be a newer key since the others were taken.
  const { jws } =
    opened.jws === null ? await openBox(body, await replyKeysOf(taking, organisationId)) : opened;
  if (jws === null) return;
  await changeFacts(writingOf(taking), organisationId, async (change) => {
    onTaken(change);
    const device = await lockDevice(change, activationId);
    if (device === undefined) return;
    const key = { kty: "OKP", crv: "Ed25519", x: device.deviceX } as const;
    const verified = verifyReport(jws, { org: organisationId, act: activationId }, key);
    if (typeof verified === "string") {
      const detail = { workstation: device.workstation, code: verified };
      change.record({ kind: "report-foreign", userId: device.userId, detail });
      return;
    }
    const secrets = await openActivationSecrets(taking.keyEncryption, whose, device);
    await new Taking(change, device).take(verified, secrets);
  });
}

/** The nonces that an answer to something sent lately can have. */
function noncesOf(
  { nextVersion, pulseAt, formerPulseAt }: ReportingDevice,
  secrets: ActivationSecrets,
): string[] {
  const versions = [nextVersion - 1, nextVersion - 2, nextVersion - 3].filter((version) => version > 0);
  const pulses = [pulseAt, formerPulseAt].filter((at) => at !== null);
  const objects = [...versions.map(keyFileNonce), ...pulses.map(pulseNonce)];
  return objects.map((object) => nonceOf(secrets, object));
}

type Applied = NonNullable<Report["applied"]>;

class Taking {
  readonly #change: Change;
  readonly #device: ReportingDevice;

  constructor(change: Change, device: ReportingDevice) {
    this.#change = change;
    this.#device = device;
  }

  async take(verified: VerifiedReport, secrets: ActivationSecrets): Promise<void> {
    const { report, hash } = verified;
    const { activationId } = this.#device;
    const known = await listKnownReports(this.#change, this.#change.organisationId, {
      activationId,
      number: report.rseq,
    });
    const verdict = this.#judge(verified, known, secrets);
    if (verdict === "duplicate") return;
    const named = { activationId, number: report.rseq, hash, verdict, before: report.prev_report_hash };
    await insertReport(this.#change, named);
    await this.#apply(report, verdict);
  }

  #judge(verified: VerifiedReport, known: readonly KnownReport[], secrets: ActivationSecrets): ReportVerdict {
    const device = this.#device;
    return judgeReport(verified, {
      lastSeq: device.reportNumber,
      known: (number) => known.find((each) => each.number === number),
      nonces: noncesOf(device, secrets),
      isActive: device.endedAt === null,
    });
  }

  async #apply(report: Report, verdict: ReportVerdict): Promise<void> {
    switch (verdict) {
      case "newest":
        await this.#takeState(report);
        await this.#takeResults(report);
        return;
      case "foreign-nonce":
        await this.#takeForeign(report);
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
      case "duplicate":
        return;
    }
  }

  async #takeState(report: Report): Promise<void> {
    const { applied } = report;
    if (applied !== null) await this.#takeApplied(applied);
    await updateDevice(this.#change, {
      activationId: this.#device.activationId,
      number: report.rseq,
      os: report.facts.os,
      client: report.facts.client,
      keystore: report.facts.keystore,
      clockSkewSeconds: report.facts.clock_skew_s,
      openedAt: report.opened_at === null ? null : new Date(report.opened_at * 1000),
      nextBox: report.next_box,
      nextOrdersBox: report.next_orders_box,
    });
  }

  /** It answers nothing that this server remembers: either it is very old, or the server came from a backup. */
  async #takeForeign({ applied, next_box: nextBox, next_orders_box: nextOrdersBox }: Report): Promise<void> {
    await updateBoxes(this.#change, this.#device.activationId, { nextBox, nextOrdersBox });
    if (applied !== null && !(await this.#isOurs(applied))) await this.#markAhead(applied);
  }

  /** Whether this server made the Key-File that is held: under that version, and with these bytes. */
  async #isOurs({ epoch, ver: version, kf_hash: hash }: Applied): Promise<boolean> {
    const { activationId, epoch: newestEpoch, nextVersion } = this.#device;
    if (epoch > newestEpoch || version >= nextVersion) return false;
    const place = { activationId, epoch, version };
    const made = await findKeyFileHash(this.#change, this.#change.organisationId, place);
    return made === undefined || made === hash;
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

  async #takeApplied(applied: Applied): Promise<void> {
    const { activationId, userId } = this.#device;
    const { epoch, ver: version } = applied;
    const contents = await listContentsByFingerprint(this.#change, this.#change.organisationId, [
      applied.team_content,
      applied.own_content,
    ]);
    const [team, own] = [contents.get(applied.team_content), contents.get(applied.own_content)];
    if (team === undefined || own === undefined || !(await this.#isOurs(applied))) {
      await this.#markAhead(applied);
      return;
    }
    await updateApplied(this.#change, { activationId, userId, version, team, own });
    const held = await updateKeyFilesHeld(this.#change, { activationId, userId, epoch, version });
    if (held > 0) this.#record("key-file-processed", { version });
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
