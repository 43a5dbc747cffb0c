// A directory read from a real OpenLDAP by the real server: everything, beside `ldapsearch` of the same attributes and COPY
// of the very rows that were written; then what has changed, at two sizes, and what memory either takes.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import {
  clientFor,
  directories,
  directoryRuns,
  type Call,
  type Directory,
  type DirectoryRun,
} from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";

import { sql } from "../apps/server/src/db/sql.ts";
import { attributesOf, presets } from "../apps/server/src/directory/ldap/presets.ts";
import {
  foundation,
  inLdif,
  people,
  reader,
  startOpenLdap,
  type OpenLdap,
} from "../apps/server/src/directory/testing/openldap.ts";
import { milliseconds, note, seconds, type Finding } from "./findings.ts";
import type { Large } from "./generate.ts";
import type { Setting } from "./http.ts";
import { copyBack, makeEmpty, type Written } from "./import.ts";
import { median, timed } from "./measure.ts";
import { makeManager, startProgram } from "./server.ts";

const units = 50;
const changed = 100;
const rounds = 5;
const promisedOfRaw = 1.5;
const promisedOfChanges = 2000;
/** What is noise, and what the statistics of a larger table cost. */
const promisedFlat = 1.5;
const pageSize = 1000;

const preset = presets.openldap;
const uidOf = (n: number) => `person-${n}`;
const unitOf = (n: number) => `ou=Unit ${n % units},${people}`;

/** As they would have been there for long: whoever asks for changes is not shown all of them. */
function ldifOf(count: number): string {
  const parents = Array.from({ length: units }, (_, n) =>
    inLdif(unitOf(n), { objectClass: "organizationalUnit", ou: `Unit ${n}` }),
  );
  const entries = Array.from({ length: count }, (_, n) =>
    inLdif(`uid=${uidOf(n)},${unitOf(n)}`, {
      objectClass: "inetOrgPerson",
      uid: uidOf(n),
      cn: `Person ${n}`,
      sn: String(n),
      mail: `${uidOf(n)}@example.test`,
      modifyTimestamp: n === 0 ? "20260201000000Z" : "20250101000000Z",
    }),
  );
  return [foundation, ...parents, ...entries].join("\n");
}

/** Everything that a run leaves behind for a person; what it keeps while it works, such as what was read, comes on top. */
const written: Written = [
  ["usernames", (organisation) => `select * from usernames where organisation_id = ${organisation}`],
  ["users", (organisation) => `select * from users where organisation_id = ${organisation}`],
  [
    "events",
    (organisation) => `select * from events where organisation_id = ${organisation} and user_id is not null`,
  ],
  [
    "unsealed_events",
    (organisation) =>
      `select organisation_id, id from events where organisation_id = ${organisation} and user_id is not null`,
  ],
  [
    "directory_entries",
    (organisation) => `select * from directory_entries where organisation_id = ${organisation}`,
  ],
  [
    "directory_links",
    (organisation) => `select * from directory_links where organisation_id = ${organisation}`,
  ],
  [
    "directory_plan_rows",
    (organisation) => `select * from directory_plan_rows where organisation_id = ${organisation}`,
  ],
];

interface Reading {
  readonly ldap: OpenLdap;
  readonly call: Call;
  readonly place: { readonly organisationId: OrganisationId; readonly directoryId: Directory["id"] };
}

async function addDirectory(ldap: OpenLdap, call: Call, organisationId: OrganisationId): Promise<Reading> {
  const { id: directoryId } = await call(directories.createDirectory, {
    params: { organisationId },
    body: {
      name: "Bench",
      kind: "openldap",
      host: "localhost",
      port: ldap.ports.ldaps,
      security: "ldaps",
      certificates: ldap.authority.certificate,
      ...reader,
      base: people,
      mode: "units",
      follows: true,
      isOn: false,
    },
  });
  return { ldap, call, place: { organisationId, directoryId } };
}

/** By the server's own clock, from the click to the last row. @throws Error when it ended otherwise than well. */
async function runFor(
  { call, place }: Reading,
  kind: "full" | "changes",
): Promise<{ run: DirectoryRun; taken: number }> {
  let run = await call(directoryRuns.startDirectoryRun, { params: place, body: { kind } });
  while (run.endedAt === null) {
    await pause(100);
    run = await call(directoryRuns.showDirectoryRun, { params: { ...place, runId: run.id } });
  }
  if (run.state !== "done" || run.incompleteBecause !== null) throw new Error(`the run is ${run.state}`);
  return { run, taken: Date.parse(run.endedAt) - Date.parse(run.startedAt) };
}

/** The same attributes of the same entries, in pages as large, as Debian's program reads them. */
async function search({ ldap }: Reading, folder: string): Promise<void> {
  const parameters = [
    ...["-x", "-H", `ldaps://127.0.0.1:${ldap.ports.ldaps}`, "-D", reader.bindName, "-w", reader.password],
    ...["-b", people, "-E", `pr=${pageSize}/noprompt`, "-LLL", preset.filter],
    ...attributesOf(preset, preset.mapping),
  ];
  const child = spawn("ldapsearch", parameters, {
    env: { ...process.env, LDAPTLS_CACERT: ldap.authority.file },
    stdio: ["ignore", "ignore", "inherit"],
    cwd: folder,
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`ldapsearch ended with ${code ?? "a signal"}`);
}

async function change({ ldap }: Reading, count: number, round: number): Promise<void> {
  const step = Math.floor(count / changed);
  for (let at = 0; at < changed; at++) {
    const n = at * step + round;
    await ldap.replace(`uid=${uidOf(n)},${unitOf(n)}`, "cn", [`Person ${n}, ${round}`]);
  }
}

interface Measured {
  readonly count: number;
  readonly everything: number;
  readonly again: number;
  readonly searched: number;
  readonly copied: number;
  readonly changes: number;
  readonly peakKibibytes: number;
}

async function measureSize(
  { writing, postgres, folder }: Setting,
  { home, count }: { home: Large; count: number },
): Promise<Measured> {
  const { database } = writing;
  const at = join(folder, `directory-${count}`);
  await mkdir(at);
  const ldif = join(at, "people.ldif");
  await writeFile(ldif, ldifOf(count));
  const ldap = await startOpenLdap(join(at, "slapd"), { ldif });
  const organisationId = await makeEmpty(writing);
  const token = await makeManager(writing, home.organisationId, [organisationId]);
  const server = await startProgram(postgres.connection, folder);
  try {
    const reading = await addDirectory(ldap, clientFor(server.origin, { token }), organisationId);
    await search(reading, at);
    const searched = await timed(() => search(reading, at));
    await sql.raw("checkpoint").execute(database.kysely);
    const { run, taken: everything } = await runFor(reading, "full");
    if (run.counts.create !== count) throw new Error("everybody is new");
    const { run: next, taken: again } = await runFor(reading, "full");
    if (next.rows !== 0) throw new Error("nothing has changed");
    const each: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await change(reading, count, round);
      const { run: small, taken } = await runFor(reading, "changes");
      if (small.counts.update !== changed) throw new Error("everything that was changed is seen");
      each.push(taken);
    }
    const peakKibibytes = await server.peakKibibytes();
    await server.stop();
    const copied = await copyBack(database, organisationId, written);
    const changes = median(each.sort((a, b) => a - b));
    note(
      `  directory of ${count}: ${seconds(everything)}, again ${seconds(again)}; ldapsearch ${seconds(searched)}, COPY ${seconds(copied)}; changes ${milliseconds(changes)}; ${peakKibibytes} KiB`,
    );
    return { count, everything, again, searched, copied, changes, peakKibibytes };
  } finally {
    await server.stop();
    await ldap.stop();
  }
}

/** @param sizes of directories, the smaller one first. */
export async function measureDirectory(
  setting: Setting,
  home: Large,
  sizes: readonly [number, number],
): Promise<Finding[]> {
  const small = await measureSize(setting, { home, count: sizes[0] });
  const large = await measureSize(setting, { home, count: sizes[1] });
  return [...findingsOfAll(large), ...findingsOfChanges(small, large)];
}

const times = (ratio: number) => `${ratio.toFixed(2)} ×`;
const peopleOf = (count: number) => `${count.toLocaleString("en")} people`;

function findingsOfAll({ count, everything, again, searched, copied }: Measured): Finding[] {
  const of = (what: string, ours: number): Finding => ({
    what,
    ours: seconds(ours),
    raw: seconds(searched + copied),
    ratio: times(ours / (searched + copied)),
    promise: `≤ ${promisedOfRaw} ×`,
    kept: ours <= promisedOfRaw * (searched + copied),
  });
  const raw = "against ldapsearch of the same attributes and COPY of the rows that the first time writes";
  return [
    of(`${peopleOf(count)} of an OpenLDAP read for the first time, planned and added, ${raw}`, everything),
    of(`the same directory read whole again, nothing having changed, ${raw}`, again),
  ];
}

function findingsOfChanges(small: Measured, large: Measured): Finding[] {
  const memory = large.peakKibibytes / small.peakKibibytes;
  const work = large.changes / small.changes;
  const asMebibytes = (kibibytes: number) => `${(kibibytes / 1024).toFixed(0)} MiB`;
  return [
    {
      what: `${changed} changes of a directory of ${peopleOf(large.count)}, read and applied, against one of ${peopleOf(small.count)}`,
      ours: milliseconds(large.changes),
      raw: `${milliseconds(small.changes)} (Lockstep, smaller)`,
      ratio: times(work),
      promise: `≤ ${seconds(promisedOfChanges)}, flat (≤ ${promisedFlat} ×)`,
      kept: large.changes <= promisedOfChanges && work <= promisedFlat,
    },
    {
      what: "the memory of the server at most while it did all this, against that for the smaller one",
      ours: asMebibytes(large.peakKibibytes),
      raw: `${asMebibytes(small.peakKibibytes)} (Lockstep, smaller)`,
      ratio: times(memory),
      promise: `constant (≤ ${promisedFlat} ×)`,
      kept: memory <= promisedFlat,
    },
  ];
}
