// The report: what a device says it holds and did. Reports are numbered and each names the one before, so two devices that
// continue one chain, as a cloned disk does, cannot stay unseen.

import { z } from "zod";

import { digestOf } from "./digest.ts";
import { isSignedBy, jsonOf, readJws, signObject } from "./jws.ts";
import { keystore } from "./join.ts";
import { code, count, digest, id, instant, line, payloadOf, recipient, secret32 } from "./shapes.ts";
import { kidOf, publicKeyOf, type PublicJwk, type Signer } from "./signing-key.ts";

/** What became of an order or a Key-File. The words are forever. */
export const outcomes = ["processed", "failed"] as const;

const outcome = { outcome: z.enum(outcomes), code: code.nullable(), detail: line };
const result = z.union([
  z.strictObject({ order: id, ...outcome }),
  z.strictObject({ epoch: count, ver: count, ...outcome }),
]);

const applied = z.strictObject({
  epoch: count,
  ver: count,
  team_content: digest,
  own_content: digest,
  kf_hash: digest,
});

const reportSchema = z
  .strictObject({
    org: id,
    epoch: count,
    act: id,
    rseq: count,
    iat: instant,
    ack_nonce: secret32.nullable(),
    prev_report_hash: digest.nullable(),
    applied: applied.nullable(),
    results: z.array(result).max(256),
    rejected: z.array(z.strictObject({ blob_hash: digest, code })).max(64),
    opened_at: instant.nullable(),
    facts: z.strictObject({ os: line, client: line, clock_skew_s: z.int(), keystore }),
    next_box: recipient.nullable(),
    next_orders_box: recipient.nullable(),
    removed: z.array(z.strictObject({ key: id, kv: count })).max(1024),
  })
  .refine(
    ({ rseq, prev_report_hash }) => (rseq === 1) === (prev_report_hash === null),
    "a hash of the one before",
  );

/**
 * `rseq` counts up from 1 and `prev_report_hash` is the digest of the JWS before; `ack_nonce` is that of the newest
 * Key-File or pulse; `applied` is null before the first Key-File; a result's `code` says why something failed; `opened_at`
 * is when the user last opened the Key-File; `removed` names the key versions that are gone from the key store.
 */
export type Report = Readonly<z.output<typeof reportSchema>>;

/**
 * A report as a compact JWS by the device's key.
 * @throws TypeError when no server would read it.
 */
export function signReport(report: Report, device: Signer): string {
  return signObject("report", { schema: reportSchema, value: report }, device);
}

/** A report that the device really signed. `hash` is the digest of the JWS. */
export interface VerifiedReport {
  readonly report: Report;
  readonly hash: string;
}

/**
 * A report that was found in a mailbox and opened.
 * @param device the signing key that was admitted with the activation.
 * @returns the report, or what is wrong: `signature`, `content`, `recipient` (another activation's).
 */
export function verifyReport(
  text: string,
  activation: { readonly org: string; readonly act: string },
  device: PublicJwk,
): VerifiedReport | "signature" | "content" | "recipient" {
  const jws = readJws(text);
  if (jws === null || jws.kid !== kidOf(device)) return "signature";
  if (!isSignedBy(jws, "report", publicKeyOf(device))) return "signature";
  const report = payloadOf(reportSchema, jsonOf(jws) ?? null);
  if (report === null) return "content";
  if (report.org !== activation.org || report.act !== activation.act) return "recipient";
  return { report, hash: digestOf(text) };
}

/** What the server remembers of an activation's reports. */
export interface ReportLog {
  /** The highest number so far, 0 before the first. */
  readonly lastSeq: number;
  /** The digest of the report with a number: of one that was received, or that only its successor named. */
  readonly known: (rseq: number) => { readonly hash: string; readonly received: boolean } | undefined;
  /** The nonces of the last two objects that carried one to this activation. */
  readonly nonces: readonly string[];
  /** False once the activation was revoked. */
  readonly isActive: boolean;
}

/** What to do with a verified report. The words are forever. */
export const reportVerdicts = {
  newest: "Take it all.",
  late: "A later one was there before it: take its results and rejections, not its state.",
  duplicate: "It was there before.",
  fork: "Two devices continue one chain: a cloned disk.",
  "foreign-nonce": "It answers nothing that was sent lately: store it, and ask for a new one.",
  revoked: "The activation has ended: store it, change nothing.",
} as const satisfies Record<string, string>;
export type ReportVerdict = keyof typeof reportVerdicts;

/** Judges a verified report by what is known of the chain; protocol §9. Pure. */
export function judgeReport({ report, hash }: VerifiedReport, log: ReportLog): ReportVerdict {
  if (!log.isActive) return "revoked";
  const known = log.known(report.rseq);
  if (known !== undefined && known.hash !== hash) return "fork";
  if (known?.received === true) return "duplicate";
  const before = log.known(report.rseq - 1);
  if (before !== undefined && before.hash !== report.prev_report_hash) return "fork";
  if (report.rseq <= log.lastSeq) return "late";
  const isAnswer =
    report.ack_nonce === null ? log.nonces.length === 0 : log.nonces.includes(report.ack_nonce);
  return isAnswer ? "newest" : "foreign-nonce";
}
