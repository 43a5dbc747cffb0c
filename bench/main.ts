// Measures what the product promises, as ratios to raw SQL and other bare work on the same machine in one run. Prints a
// table and writes it to docs/performance.md; `npm run bench -- http` measures that part alone and writes nothing.
// Durable settings; loopback only; ends by itself.

import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { systemClock } from "../apps/server/src/clock.ts";
import { Database } from "../apps/server/src/db/database.ts";
import { startEmbeddedPostgres } from "../apps/server/src/db/embedded.ts";
import { migrate } from "../apps/server/src/db/migrate.ts";
import { ensureConsole } from "../scripts/start.ts";
import { measureDirectory } from "./directory.ts";
import { measureFiles } from "./files.ts";
import { note, pageOf, seconds, tableOf, type Finding } from "./findings.ts";
import { generate, type Large } from "./generate.ts";
import { measureHttp, type Setting } from "./http.ts";
import { measureImport } from "./import.ts";
import { timed } from "./measure.ts";
import { measurePosting } from "./posting.ts";
import { measureInactivity } from "./inactivity.ts";
import { measureReports } from "./reports.ts";
import { makingIn } from "./server.ts";
import { measureSigningIn } from "./sign-in.ts";
import { measureStandings } from "./standings.ts";

const page = fileURLToPath(new URL("../docs/performance.md", import.meta.url));

const small = { users: 1000, teams: 10, name: "Small" };
const smaller = { users: 100_000, teams: 100, name: "Smaller" };
const larger = { users: 1_000_000, teams: 1000, name: "Larger" };
const imported = 100_000;
const reporting = 2000;
const posted = 20_000;
const postedAsPromised = 100_000;
/** Of directories: another size with `npm run bench -- directory 5000`. */
const inDirectories = [20_000, 100_000] as const;

function sizesOfDirectories(): readonly [number, number] {
  const wanted = Number(process.argv[3] ?? Number.NaN);
  return Number.isSafeInteger(wanted) ? [Math.floor(wanted / 5), wanted] : inDirectories;
}

async function make({ writing }: Setting, size: Parameters<typeof generate>[1]): Promise<Large> {
  let large: Large | undefined;
  const taken = await timed(async () => {
    large = await generate(writing, size);
  });
  note(`${size.name}: ${size.users} users in ${seconds(taken)}`);
  if (large === undefined) throw new Error("the organisation was made");
  return large;
}

const parts: Readonly<Record<string, (setting: Setting) => Promise<Finding[]>>> = {
  http: async (setting) => measureHttp(setting, await make(setting, smaller)),
  "sign-in": async (setting) => measureSigningIn(setting, await make(setting, small)),
  import: async (setting) => measureImport(setting, await make(setting, small), imported),
  files: measureFiles,
  reports: async (setting) => measureReports(setting, reporting),
  directory: async (setting) => measureDirectory(setting, await make(setting, small), sizesOfDirectories()),
  inactivity: async (setting) => measureInactivity(setting, await make(setting, larger)),
  posting: async (setting) => measurePosting(setting, posted, postedAsPromised),
};

async function measureAll(setting: Setting): Promise<Finding[]> {
  const sizes = [await make(setting, smaller), await make(setting, larger)] as const;
  const findings = [
    ...(await measureStandings(setting.writing, sizes)),
    ...(await measureHttp(setting, sizes[0])),
    ...(await measureInactivity(setting, sizes[1])),
    ...(await measureSigningIn(setting, sizes[0])),
    ...(await measureImport(setting, sizes[0], imported)),
    ...(await measureDirectory(setting, sizes[0], inDirectories)),
    ...(await measureReports(setting, reporting)),
    ...(await measurePosting(setting, posted, postedAsPromised)),
    ...(await measureFiles(setting)),
  ];
  await writeFile(page, pageOf(sizes, findings));
  return findings;
}

async function main(): Promise<void> {
  const [wanted] = process.argv.slice(2);
  const measure = wanted === undefined ? measureAll : parts[wanted];
  if (measure === undefined)
    throw new Error(`there is no part ${String(wanted)}, only ${Object.keys(parts).join(", ")}`);
  await ensureConsole();
  const folder = await mkdtemp(join(tmpdir(), "lockstep-bench-"));
  // Where root's PostgreSQL has a user of its own, who cannot enter it, the database would be elsewhere, and stay there.
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({
    folder: join(folder, "database"),
    settings: { shared_buffers: "1GB", max_wal_size: "8GB" },
  });
  const database = new Database(postgres.connection);
  try {
    await migrate(database);
    const making = await makingIn(folder, database);
    const writing = { database, clock: systemClock, doer: { role: "bench", userId: null }, ...making };
    const findings = await measure({ writing, postgres, folder });
    process.stdout.write(tableOf(findings));
    if (findings.some(({ kept }) => !kept)) process.exitCode = 1;
  } finally {
    await database.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
