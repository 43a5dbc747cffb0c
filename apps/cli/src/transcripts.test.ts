// The command line as administrators see it: every file in transcripts/ is a story, run line by line on a real server
// with the example organisation, beside a relay. `npx vitest run apps/cli -u` writes the screens anew.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, expect, test } from "vitest";

import { useRelay } from "../../relay/src/testing/relay.ts";
import { signInTo, startExampleServer, type TestServer } from "../../server/src/testing.ts";
import { Machine } from "./testing/machine.ts";

const folder = fileURLToPath(new URL("transcripts/", import.meta.url));

/** What differs from run to run, replaced by something as wide. */
const volatile: readonly (readonly [RegExp, string])[] = [
  [/\/\S+(?=\/\.config\/lockstep)/g, "HOME"],
  [/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "YYYY-MM-DDThh:mm:ss.mmmZ"],
  [/\d{4}-\d\d-\d\d \d\d:\d\d/g, "YYYY-MM-DD hh:mm"],
  [/\d{4}-\d\d-\d\d/g, "YYYY-MM-DD"],
  [/lockstep_[\w-]{86}/g, "lockstep_(shown once)"],
  [/[\dA-Z]{5}(-[\dA-Z]{5}){4}/g, "XXXXX-XXXXX-XXXXX-XXXXX-XXXXX"],
  [/(?:^[█▀▄ ]+\n)+/gm, "(the link, to point a camera at)\n"],
  [/(?<= {2})[\w-]{43}$/gm, "(thumbprint)"],
];

function stable(screen: string): string {
  const relayAtHome = "http://127.0.0.1:8481";
  const atHome = screen
    .replaceAll(server.origin, "http://127.0.0.1:8480")
    .replaceAll(relay.origin, relayAtHome)
    .replaceAll(encodeURIComponent(relay.origin), encodeURIComponent(relayAtHome));
  return volatile.reduce((text, [pattern, word]) => text.replace(pattern, word), atHome);
}

/**
 * A remark, or a command of one or several lines. After the remark "as ada" the environment holds a token of hers;
 * after "ada has a token" it is in a file, and nobody is signed in.
 */
type Block = { readonly remark: string } | { readonly command: string };

function parseStory(text: string): Block[] {
  const blocks: Block[] = [];
  for (const line of text.split("\n")) {
    const last = blocks.at(-1);
    if (line.startsWith("# ")) blocks.push({ remark: line });
    if (line.startsWith("$ ")) blocks.push({ command: line.slice(2) });
    if (line.startsWith("> ") && last !== undefined && "command" in last) {
      blocks[blocks.length - 1] = { command: `${last.command}\n${line.slice(2)}` };
    }
  }
  return blocks;
}

const relay = useRelay();
let server: TestServer;
let machine: Machine;

beforeEach(async () => {
  server = await startExampleServer({ origin: relay.origin, token: relay.accounts[0]?.token ?? "" });
  machine = new Machine();
});
afterEach(async () => {
  machine.remove();
  await server.stop();
});

/** What a remark changes for the commands after it; undefined if it changes nothing. */
async function environmentAfter(remark: string): Promise<Record<string, string> | undefined> {
  const name = /^# (?:as (\w+)|(\w+) has a token)$/.exec(remark);
  if (name === null) return undefined;
  const [, actor, owner] = name;
  const { token } = await signInTo(server.origin, actor ?? owner ?? "");
  if (owner !== undefined) machine.write(`${owner}.token`, token);
  return actor === undefined ? {} : { LOCKSTEP_SERVER: server.origin, LOCKSTEP_TOKEN: token };
}

async function screenOf(command: string, environment: Record<string, string>): Promise<string> {
  const { screen, exitCode } = await machine.run(command, { ...environment, SERVER: server.origin });
  const ended = exitCode === 0 ? [] : [`[exit code ${exitCode}]`];
  const typed = `$ ${command.replaceAll("\n", "\n> ")}`;
  return [typed, ...[stable(screen).trimEnd()].filter(Boolean), ...ended].join("\n");
}

/** The story with the screens that it has now. */
async function retell(blocks: readonly Block[]): Promise<string> {
  let environment: Record<string, string> = {};
  const told: string[] = [];
  for (const block of blocks) {
    if ("command" in block) {
      told.push(await screenOf(block.command, environment));
    } else {
      environment = (await environmentAfter(block.remark)) ?? environment;
      told.push(block.remark);
    }
  }
  return `${told.join("\n\n")}\n`;
}

const stories = readdirSync(folder).map(
  (file) => [file.replace(/\.txt$/, "").replaceAll("-", " "), file] as const,
);

test.each(stories)("the story of %s goes as it is written", async (_name, file) => {
  const written = readFileSync(folder + file, "utf8");
  await expect(await retell(parseStory(written))).toMatchFileSnapshot(folder + file);
});
