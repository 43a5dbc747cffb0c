// Signs of life of many workstations, fetched from the relay over HTTP, opened, verified and written, beside the same
// SQL sent by pgbench. The relay is a process of its own.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { digestOf, newBoxKey, sealBox, signerOf, signReport, type Report } from "@lockstep/keyfile";
import { z } from "zod";

import { nonceOf } from "../apps/server/src/activations/secrets.ts";
import { secondsOf } from "../apps/server/src/clock.ts";
import { sql } from "../apps/server/src/db/sql.ts";
import { empty } from "../apps/server/src/facts/identity.ts";
import { keyFileNonce } from "../apps/server/src/sync/compose.ts";
import type { Delivering } from "../apps/server/src/sync/deliver.ts";
import { inParallel } from "../apps/server/src/sync/parallel.ts";
import { receive } from "../apps/server/src/sync/receive.ts";
import { note, percent, type Finding } from "./findings.ts";
import { makeFleet, type Device, type Fleet } from "./fleet.ts";
import { rateThroughPgbench, type Setting } from "./http.ts";
import { middleOf, timed, type Round } from "./measure.ts";
import { deliveringTo } from "./posting.ts";
import { lineOf, recordingDatabase, statementsOfWork } from "./recording.ts";

const rounds = 3;
const promised = 0.5;
const queue = 0;
/** As many as the server works on at a time. */
const clients = 16;
/** What each client of pgbench says in one go is what the server says for so many reports. */
const reportsOfClient = 8;

const newest = z.object({ activationId: z.string(), number: z.int(), hash: z.string() });

/** The last report of each workstation. */
async function lastReports({ writing }: Setting, { organisationId }: Fleet) {
  const rows = await writing.database.read((reader) =>
    reader.rows(
      newest,
      sql`select distinct on (activation_id) activation_id as "activationId", number, hash from reports
        where organisation_id = ${organisationId} order by activation_id, number desc`,
    ),
  );
  return new Map(rows.map((row) => [row.activationId, row]));
}

const held = z.object({ fingerprint: z.string() });

/** What a workstation would say that it holds. */
async function appliedOf(
  { writing }: Setting,
  { organisationId, rootTeamId }: Fleet,
): Promise<Report["applied"]> {
  const row = await writing.database.read((reader) =>
    reader.row(
      held,
      sql`select encode(c.fingerprint, 'hex') as fingerprint from teams t
        join contents c on c.organisation_id = t.organisation_id and c.id = t.desired_content_id
        where t.organisation_id = ${organisationId} and t.id = ${rootTeamId}`,
    ),
  );
  if (row === undefined) throw new Error("the team should hold something");
  const contents = { team_content: row.fingerprint, own_content: empty.fingerprint };
  return { epoch: 1, ver: 1, ...contents, kf_hash: digestOf("version 1") };
}

/** Makes reports as workstations make them, and puts them at the relay. */
async function reporter(setting: Setting, fleet: Fleet, { signersOf }: Delivering) {
  const { database, clock } = setting.writing;
  const { organisationId, connection } = fleet;
  const { replyTo } = await database.snapshot((snapshot) => signersOf(snapshot, organisationId));
  const { recipient } = await newBoxKey();
  const applied = await appliedOf(setting, fleet);
  /** @param numberOf chooses the next number from the last one. */
  return async (devices: readonly Device[], numberOf = (last: number) => last + 1) => {
    const last = await lastReports(setting, fleet);
    await inParallel(devices, clients, async ({ activationId, sign, secrets }) => {
      const { number, hash } = last.get(activationId) ?? { number: 0, hash: "" };
      const rseq = numberOf(number);
      const report: Report = {
        org: organisationId,
        epoch: 1,
        act: activationId,
        rseq,
        iat: secondsOf(clock()),
        ack_nonce: nonceOf(secrets, keyFileNonce(1)),
        prev_report_hash: rseq === number + 1 ? hash : digestOf("lost"),
        applied,
        results: [],
        rejected: [],
        opened_at: null,
        facts: { os: "Linux", client: "bench", clock_skew_s: 0, keystore: "file" },
        next_box: recipient,
        next_orders_box: recipient,
        removed: [],
      };
      const up = await connection.mailbox(secrets.up, "up");
      await up.put(queue, await sealBox(signReport(report, signerOf(sign)), replyTo));
    });
  };
}

/** The numbers of the reports that are recorded are like no others, so they are found in the statements. */
const recorded = 1_000_000;
const numbers = new Map([
  [`'${recorded}'`, "number"],
  [`'${recorded - 1}'`, "former"],
]);

type Reporting = Awaited<ReturnType<typeof reporter>>;

/** What the server says for reports that come one by one, for each client of pgbench about other workstations. */
async function scriptOf(
  { postgres }: Setting,
  { devices }: Fleet,
  { delivering, put, after }: { delivering: Delivering; put: Reporting; after: number },
): Promise<{ script: string; after: number }> {
  const database = recordingDatabase(postgres);
  const branches: string[] = [];
  let last = after;
  try {
    for (let client = 0; client < clients; client++) {
      const lines: string[] = [];
      for (const device of devices.slice(client * reportsOfClient, (client + 1) * reportsOfClient)) {
        await put([device], () => recorded);
        const statements = await statementsOfWork(postgres, async () => {
          last = await receive({ ...delivering, database }, { after: last, wait: 0 });
        });
        lines.push(...statements.map((statement) => lineOf(statement, { numbers })));
      }
      branches.push([`if :client_id = ${client}`, ...lines].join("\n"));
    }
  } finally {
    await database.close();
  }
  const counting = [String.raw`\set former :number`, String.raw`\set number :number + 1`];
  return { script: [...counting, `\\${branches.join("\n\\el")}`, "\\endif", ""].join("\n"), after: last };
}

async function newestNumber(setting: Setting, fleet: Fleet): Promise<number> {
  const last = await lastReports(setting, fleet);
  return Math.max(...[...last.values()].map(({ number }) => number));
}

export async function measureReports(setting: Setting, workstations: number): Promise<Finding[]> {
  const fleet = await makeFleet(setting, workstations);
  const delivering = deliveringTo(setting, fleet);
  const measured: Round[] = [];
  try {
    const put = await reporter(setting, fleet, delivering);
    const recording = await scriptOf(setting, fleet, { delivering, put, after: 0 });
    const script = join(setting.folder, "reports.sql");
    await writeFile(script, recording.script);
    let { after } = recording;
    for (let round = 0; round <= rounds; round++) {
      await put(fleet.devices);
      const taken = await timed(async () => {
        after = await receive(delivering, { after, wait: 0 });
      });
      const ours = (workstations * 1000) / taken;
      const variables = ["-D", `number=${await newestNumber(setting, fleet)}`];
      const goes = await rateThroughPgbench(setting.postgres.connection, script, { clients, variables });
      const raw = goes * reportsOfClient;
      note(`  reports: ${ours.toFixed(0)} a second, pgbench ${raw.toFixed(0)}`);
      // The first round warms up.
      if (round > 0) measured.push({ ours, raw });
    }
  } finally {
    await delivering.boxes.stop();
    await fleet.stop();
  }
  return [findingOf(workstations, measured)];
}

function findingOf(workstations: number, measured: readonly Round[]): Finding {
  const { ours, raw, ratio } = middleOf(measured, (round) => round.ours / round.raw);
  return {
    what: `reports of ${workstations.toLocaleString("en")} workstations fetched from the relay over HTTP, opened, verified and written as they come, many together, against the SQL of each by itself through pgbench`,
    ours: `${ours.toFixed(0)}/s`,
    raw: `${raw.toFixed(0)}/s`,
    ratio: percent(ratio),
    promise: `≥ ${percent(promised)}`,
    kept: ratio >= promised,
  };
}
