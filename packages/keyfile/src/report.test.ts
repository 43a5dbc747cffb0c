import { expect, test } from "vitest";

import { digestOf } from "./digest.ts";
import { ageKey, ids, keyFile, signedAt, signingKeys } from "./examples.ts";
import {
  judgeReport,
  signReport,
  verifyReport,
  type Report,
  type ReportLog,
  type ReportVerdict,
  type VerifiedReport,
} from "./report.ts";
import { signerOf } from "./signing-key.ts";

const { device, stranger } = signingKeys;
const activation = { org: ids.org, act: ids.act };

const report: Report = {
  org: ids.org,
  epoch: 2,
  act: ids.act,
  rseq: 7,
  iat: signedAt,
  ack_nonce: keyFile.nonce,
  prev_report_hash: digestOf("report 6"),
  applied: {
    epoch: 2,
    ver: 17,
    team_content: keyFile.team_content,
    own_content: keyFile.own_content,
    kf_hash: digestOf("the Key-File"),
  },
  results: [
    { order: ids.order, outcome: "processed", code: null, detail: "" },
    { epoch: 2, ver: 17, outcome: "failed", code: "disk-full", detail: "No space is left on the disk." },
  ],
  rejected: [{ blob_hash: digestOf("a box"), code: "rollback" }],
  opened_at: signedAt - 60,
  facts: { os: "Debian 13", client: "1.0.0", clock_skew_s: -3, keystore: "os" },
  next_box: ageKey.recipient,
  next_orders_box: null,
  removed: [{ key: ids.key, kv: 1 }],
};

function verified(changes: Partial<Report> = {}): VerifiedReport {
  const result = verifyReport(signReport({ ...report, ...changes }, signerOf(device)), activation, device);
  if (typeof result === "string") throw new Error(result);
  return result;
}

test("a report that the device signed is read as it was written", () => {
  const text = signReport(report, signerOf(device));
  expect(verifyReport(text, activation, device)).toEqual({ report, hash: digestOf(text) });
});

test("a report by another device, about another activation, or of another kind is no report of this one", () => {
  expect(verifyReport(signReport(report, signerOf(stranger)), activation, device)).toBe("signature");
  const renamed = signReport(report, { ...signerOf(stranger), kid: signerOf(device).kid });
  expect(verifyReport(renamed, activation, device)).toBe("signature");
  const foreign = signReport({ ...report, act: ids.otherAct }, signerOf(device));
  expect(verifyReport(foreign, activation, device)).toBe("recipient");
  expect(verifyReport("x", activation, device)).toBe("signature");
});

test("the first report has no predecessor, and every other one has", () => {
  expect(verified({ rseq: 1, prev_report_hash: null }).report.rseq).toBe(1);
  expect(() => verified({ rseq: 1 })).toThrow("not a report");
  expect(() => verified({ prev_report_hash: null })).toThrow("not a report");
});

const known = new Map([
  [4, { hash: digestOf("report 4"), received: true }],
  [5, { hash: digestOf("report 5"), received: false }],
  [6, { hash: digestOf("report 6"), received: true }],
]);
const log: ReportLog = {
  lastSeq: 6,
  known: (rseq) => known.get(rseq),
  nonces: [keyFile.nonce],
  isActive: true,
};

function verdict(changes: Partial<Report> = {}, circumstances: Partial<ReportLog> = {}): ReportVerdict {
  return judgeReport(verified(changes), { ...log, ...circumstances });
}

test("the next report of the chain is taken", () => {
  expect(verdict()).toBe("newest");
});

test("a gap is no fork: the relay lost a report, and the next one that arrives is taken", () => {
  expect(verdict({ rseq: 12, prev_report_hash: digestOf("report 11") })).toBe("newest");
});

test("a report that the relay held back is told apart from one that was there before", () => {
  const late = verified({ rseq: 5, prev_report_hash: digestOf("report 4") });
  const named = { hash: late.hash, received: false };
  expect(judgeReport(late, { ...log, known: (rseq) => (rseq === 5 ? named : known.get(rseq)) })).toBe("late");
  const received = { hash: late.hash, received: true };
  expect(judgeReport(late, { ...log, known: () => received })).toBe("duplicate");
  expect(verdict({ rseq: 3, prev_report_hash: digestOf("report 2") })).toBe("late");
});

test("another report with a number that was used is a fork: two devices continue one chain", () => {
  expect(verdict({ rseq: 6, prev_report_hash: digestOf("report 5") })).toBe("fork");
  expect(verdict({ rseq: 5, prev_report_hash: digestOf("report 4") })).toBe("fork");
});

test("a report that names another predecessor is a fork", () => {
  expect(verdict({ prev_report_hash: digestOf("a clone's report 6") })).toBe("fork");
});

test("a report that echoes no nonce of late is stored, and answers nothing", () => {
  const ack_nonce = Buffer.alloc(32, 99).toString("base64url");
  expect(verdict({ ack_nonce })).toBe("foreign-nonce");
  expect(verdict({ ack_nonce: null })).toBe("foreign-nonce");
  expect(verdict({ ack_nonce: null }, { nonces: [] })).toBe("newest");
});

test("after revocation no report changes anything: neither a replayed one nor one that is signed correctly", () => {
  expect(verdict({}, { isActive: false })).toBe("revoked");
  expect(verdict({ rseq: 4, prev_report_hash: digestOf("report 3") }, { isActive: false })).toBe("revoked");
});
