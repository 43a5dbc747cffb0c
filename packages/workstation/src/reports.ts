// What a workstation tells its server. What is new is said in every report until the server has taken one that says it;
// each report is signed once and written down before it is sent, so two never have one number.

import { digestOf, sealBox, signerOf, signReport, type Report } from "@lockstep/keyfile";

import type { Active, Said } from "./device-store.ts";
import type { HeldProfile } from "./profile.ts";
import type { LineMailbox } from "./relay-line.ts";

/** What one report carries of each kind at most. */
const most = { results: 256, rejected: 64, removed: 1024 } as const;

/** Shorter than the shortest interval of a policy, and long enough that reports and pulses do not chase each other. */
const heartbeatSeconds = 240;

const queue = 0;

/** Notes what is to be said; what waits to be said already is said once. */
export function saying(device: Active, said: readonly Said[]): Active {
  const { reports } = device;
  const known = new Set(reports.news.map((each) => JSON.stringify(each.said)));
  const fresh = said.filter((each) => !known.has(JSON.stringify(each)));
  const news = [...reports.news, ...fresh.map((each) => ({ since: null, said: each }))];
  return { ...device, reports: { ...reports, news } };
}

/** Forgets what the server has taken: reports that no longer wait in the mailbox, and all that they said. */
export function afterTaking(device: Active, address: string, listed: ReadonlySet<number>): Active {
  const { waiting, news } = device.reports;
  const isTaken = (parcel: (typeof waiting)[number]) => parcel.relay === address && !listed.has(parcel.seq);
  const upTo = Math.max(0, ...waiting.filter(isTaken).map(({ rseq }) => rseq));
  return {
    ...device,
    reports: {
      ...device.reports,
      waiting: waiting.filter((parcel) => !isTaken(parcel)),
      news: news.filter(({ since }) => since === null || since > upTo),
    },
  };
}

/** After the mailboxes were changed nobody takes what waits in the old ones, so all of it is said anew. */
export function afterMoving(device: Active): Active {
  const news = device.reports.news.map((each) => ({ ...each, since: null }));
  return { ...device, reports: { ...device.reports, waiting: [], news } };
}

/** Whether there is something new to say, or it is time for a sign of life and none waits at this relay to be taken. */
export function isReportDue({ reports }: Active, address: string, now: number): boolean {
  if (reports.news.some(({ since }) => since === null)) return true;
  if (reports.waiting.some(({ relay }) => relay === address)) return false;
  return reports.lastAt === null || Math.abs(now - reports.lastAt) >= heartbeatSeconds;
}

/** The device with its next report, which is to be written down and then sent. */
export function withReport(device: Active, { profile, keystore }: HeldProfile): Active {
  const { reports, state } = device;
  const [rseq, now] = [reports.rseq + 1, profile.now()];
  const room: Record<keyof typeof most, number> = { ...most };
  const news = reports.news.map((each) => {
    const kind = "result" in each.said ? "results" : "rejected" in each.said ? "rejected" : "removed";
    room[kind] -= 1;
    return room[kind] < 0 ? each : { ...each, since: each.since ?? rseq };
  });
  const said = news.filter(({ since }) => since !== null).map((each) => each.said);
  const report: Report = {
    org: state.org,
    epoch: state.root.epoch,
    act: state.act,
    rseq,
    iat: now,
    ack_nonce: state.nonce,
    prev_report_hash: reports.lastHash,
    applied: device.applied,
    results: said.flatMap((each) => ("result" in each ? [each.result] : [])),
    rejected: said.flatMap((each) => ("rejected" in each ? [each.rejected] : [])),
    opened_at: device.openedAt,
    facts: {
      os: profile.machine.os,
      client: profile.machine.client,
      clock_skew_s: device.clockSkewSeconds,
      keystore,
    },
    next_box: device.nextBox,
    next_orders_box: device.ordersBox.current.recipient,
    removed: said.flatMap((each) => ("removed" in each ? [each.removed] : [])),
  };
  const outgoing = signReport(report, signerOf(device.sign));
  const lastHash = digestOf(outgoing);
  return { ...device, reports: { ...reports, rseq, lastHash, lastAt: now, outgoing, news } };
}

/** Sends the report that was written down. Sending it twice does no harm. */
export async function send(device: Active, up: LineMailbox, address: string): Promise<Active> {
  const { reports } = device;
  if (reports.outgoing === null) return device;
  const { seq } = await up.put(queue, await sealBox(reports.outgoing, device.replyTo));
  const waiting = [...reports.waiting, { relay: address, seq, rseq: reports.rseq }];
  return { ...device, reports: { ...reports, outgoing: null, waiting } };
}
