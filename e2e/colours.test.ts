// One user in all seven colours, on real programs: server and relay, `lockstep` for the administrator, `lockstep-client` on
// two workstations. The story is in colours.txt, screen by screen; `npx vitest run e2e/colours.test.ts -u` writes them anew.

import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { organisations, standings } from "@lockstep/api";
import { encryptionStatuses, type UserId } from "@lockstep/core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { systemClock } from "../apps/server/src/clock.ts";
import { Database } from "../apps/server/src/db/database.ts";
import { cloneDatabase, expectNoDrift } from "../apps/server/src/db/testing/database.ts";
import { linkToDirectory, markMissingFromDirectory } from "../apps/server/src/directory/store.ts";
import { changeFacts } from "../apps/server/src/facts/change.ts";
import { signInTo } from "../apps/server/src/testing.ts";
import { root } from "../scripts/repository.ts";
import { Desk } from "./desk.ts";
import { serverIn } from "./installation.ts";
import { startRelayProcess, type RelayProcess } from "./relay.ts";
import type { Program } from "./program.ts";

const story = join(root, "e2e", "colours.txt");
const names = ["ada", "WS-1", "WS-2"] as const;

let relay: RelayProcess;
let server: Program;
let database: Database;
let origin: string;
const folder = mkdtempSync(join(tmpdir(), "lockstep-colours-"));
const desks = new Map(names.map((name) => [name as string, new Desk(name)]));

beforeAll(async () => {
  relay = await startRelayProcess();
  const { connection } = await cloneDatabase();
  database = new Database(connection);
  server = await serverIn({ connection, folder, relay, example: true });
  await server.start();
  origin = await server.origin();
  const { token } = await signInTo(origin, "ada");
  for (const desk of desks.values()) desk.write("password", "correct horse battery\n");
  desks.get("ada")?.write("token", `${token}\n`);
});
afterAll(async () => {
  for (const desk of desks.values()) desk.remove();
  await server.stop();
  await relay.stop();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What differs from run to run, replaced by something as wide. */
const volatile: readonly (readonly [RegExp, string])[] = [
  [/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"],
  [/[\dA-Z]{5}(-[\dA-Z]{5}){4}/g, "XXXXX-XXXXX-XXXXX-XXXXX-XXXXX"],
  [/(?:^[█▀▄ ]+\n)+/gm, "(the link, to point a camera at)\n"],
  [/\d{4}-\d\d-\d\d \d\d:\d\d/g, "YYYY-MM-DD hh:mm"],
  [/(?<=compare.*)\d{3} \d{3}/g, "123 456"],
];

function stable(screen: string): string {
  const places = [
    [origin, "http://127.0.0.1:8480"],
    [relay.origin, "http://127.0.0.1:8481"],
  ] as const;
  const atHome = places.reduce(
    (text, [from, to]) =>
      text.replaceAll(from, to).replaceAll(encodeURIComponent(from), encodeURIComponent(to)),
    screen,
  );
  return volatile.reduce((text, [pattern, word]) => text.replace(pattern, word), atHome);
}

/** What the directory does, by the remark that says so: nothing reads from one yet, so its facts are written. */
const deeds: Readonly<Record<string, "link" | "lose">> = {
  "# The directory says that Gus is one of its people.": "link",
  "# The directory has Gus no longer.": "lose",
  "# The directory has Gus again.": "link",
};

const objectId = randomUUID();

async function hear(remark: string): Promise<void> {
  const deed = deeds[remark];
  if (deed === undefined) return;
  const { call } = await signInTo(origin, "ada");
  const [organisation] = (await call(organisations.listOrganisations)).organisations;
  if (organisation === undefined) throw new Error("the example has an organisation");
  const params = { organisationId: organisation.id };
  const { users } = await call(standings.listUsers, { params, query: { search: "gus" } });
  const gus = users.map(({ id }): UserId => id);
  const doer = { role: "system", userId: null } as const;
  await changeFacts({ database, clock: systemClock, doer }, organisation.id, async (change) => {
    if (deed === "lose") await markMissingFromDirectory(change, gus);
    else for (const userId of gus) await linkToDirectory(change, userId, objectId);
  });
}

/** A remark alone, or whose desk it is and what is typed there, in one line or several. */
interface Block {
  readonly remark?: string;
  readonly at?: string;
  readonly command?: string;
}

function parseStory(text: string): Block[] {
  const blocks: Block[] = [];
  for (const line of text.split("\n")) {
    const [, at, command] = /^([\w-]+)\$ (.*)$/.exec(line) ?? [];
    if (line.startsWith("# ")) blocks.push({ remark: line });
    if (at !== undefined && command !== undefined) blocks.push({ at, command });
  }
  return blocks;
}

/** The story with the screens that it has now. */
async function retell(blocks: readonly Block[]): Promise<string> {
  const told: string[] = [];
  let code = "";
  for (const { remark, at = "", command = "" } of blocks) {
    if (remark !== undefined) {
      await hear(remark);
      told.push(remark);
      continue;
    }
    const desk = desks.get(at);
    if (desk === undefined) throw new Error(`nobody sits at ${at}`);
    const environment = { SERVER: origin, RELAY: relay.origin, CODE: code };
    const screen = await desk.run(command, environment);
    code = /[\dA-Z]{5}(?:-[\dA-Z]{5}){4}/.exec(screen)?.[0] ?? code;
    told.push([`${at}$ ${command}`, ...[stable(screen).trimEnd()].filter(Boolean)].join("\n"));
  }
  return `${told.join("\n\n")}\n`;
}

test("one user goes through all seven colours, each because of what really happened", async () => {
  const told = await retell(parseStory(readFileSync(story, "utf8")));
  await expect(told).toMatchFileSnapshot(story);
  const shown = Object.values(encryptionStatuses).filter(({ label, colour }) =>
    told.includes(`${label} (${colour}) since`),
  );
  expect(shown).toHaveLength(7);
  await expectNoDrift(database);
}, 300_000);
