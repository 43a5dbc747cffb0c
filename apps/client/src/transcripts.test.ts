// The program as people see it: every file in transcripts/ is a story, run line by line in real processes against a relay
// and an organisation that signs. `npx vitest run apps/client -u` writes the screens anew.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, test } from "vitest";

import { Organisation } from "../../../packages/workstation/src/testing/organisation.ts";
import { useRelay } from "../../relay/src/testing/relay.ts";
import { Machine } from "./testing/machine.ts";
import { Office } from "./testing/office.ts";

const folder = fileURLToPath(new URL("../transcripts/", import.meta.url));
const relay = useRelay();

/** What differs from run to run, replaced by something as wide. */
const volatile: readonly (readonly [RegExp, string])[] = [
  [/\/\S+(?=\/\.local)/g, "HOME"],
  [/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "YYYY-MM-DDThh:mm:ss.mmmZ"],
  [/\d{4}-\d\d-\d\d \d\d:\d\d/g, "YYYY-MM-DD hh:mm"],
  [/(?<=compare.*)\d{3} \d{3}/g, "123 456"],
  [/AGE-SECRET-KEY-1\w+/g, "AGE-SECRET-KEY-1…"],
];

function stable(screen: string): string {
  const atHome = screen.replaceAll(relay.origin, "http://127.0.0.1:8481");
  return volatile.reduce((text, [pattern, word]) => text.replace(pattern, word), atHome);
}

/** A remark, or a command of one or several lines. Some remarks are what the office does; the others only say why. */
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

async function screenOf(command: string, machine: Machine, code: string): Promise<string> {
  const { screen, exitCode } = await machine.run(command, { CODE: code, RELAY: relay.origin });
  const ended = exitCode === 0 ? [] : [`[exit code ${exitCode}]`];
  const typed = `$ ${command.replaceAll("\n", "\n> ")}`;
  return [typed, ...[stable(screen).trimEnd()].filter(Boolean), ...ended].join("\n");
}

/** The story with the screens that it has now. */
async function retell(blocks: readonly Block[], machine: Machine): Promise<string> {
  machine.write("password", "correct horse battery\n");
  const office = new Office(new Organisation(relay));
  const told: string[] = [];
  for (const block of blocks) {
    if ("remark" in block) {
      await office.hear(block.remark.slice(2));
      told.push(block.remark);
    } else {
      told.push(await screenOf(block.command, machine, office.code));
      await office.answered();
    }
  }
  return `${told.join("\n\n")}\n`;
}

/** Lines that do not fit a terminal. Paths are not broken, so that they can be copied, nor is JSON. */
function tooLong(told: string): string[] {
  const lines = told.split("\n").filter((line) => !/^([$>#] | *")/.test(line));
  return lines.filter((line) => line.length > 80 && !line.includes("HOME"));
}

const stories = readdirSync(folder).map(
  (file) => [file.replace(/\.txt$/, "").replaceAll("-", " "), file] as const,
);

// Of many processes each, and all at once.
describe.concurrent("stories", { timeout: 180_000 }, () => {
  test.for(stories)("the story of %s goes as it is written", async ([, file], { expect, onTestFinished }) => {
    const machine = new Machine();
    onTestFinished(() => machine.remove());
    const written = readFileSync(folder + file, "utf8");
    const told = await retell(parseStory(written), machine);
    await expect(told).toMatchFileSnapshot(folder + file);
    expect(tooLong(told)).toEqual([]);
  });
});
