// Simulated workstations: real client cores, many in one process. Each is told of in a line on standard input,
// `NAME online` or `NAME offline`, with an activation link behind it the first time. All of them end with that input.

import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { simulate, type Place } from "./workstation.ts";

const usage =
  "usage: main.ts FOLDER [--pace SECONDS], with lines such as `WS-1 online LINK` on standard input\n";

/** A name is a folder's name, too. */
const told = /^(?<name>[A-Za-z][\w-]{0,62}) (?<power>online|offline)(?: (?<link>\S+))?$/;

function misused(): never {
  process.stderr.write(usage);
  process.exit(2);
}

/** @throws what parseArgs throws. */
function parsePlace(parameters: readonly string[], signal: AbortSignal): Place {
  const { values, positionals } = parseArgs({
    args: [...parameters],
    allowPositionals: true,
    options: { pace: { type: "string", default: "10" } },
  });
  const [folder, ...others] = positionals;
  const paceSeconds = Number(values.pace);
  if (folder === undefined || others.length > 0 || !(paceSeconds >= 0 && paceSeconds <= 3600)) misused();
  return { folder, paceSeconds, signal };
}

const end = new AbortController();
// Whoever listened is gone, and the input ends with them.
process.stdout.on("error", () => end.abort());

/** What has become of a workstation, one line each. */
const say = (name: string) => (sentence: string) => process.stdout.write(`${name}: ${sentence}\n`);

const place = parsePlace(process.argv.slice(2), end.signal);
const all: Promise<void>[] = [];
for await (const line of createInterface({ input: process.stdin })) {
  const { name, power, link } = told.exec(line)?.groups ?? {};
  if (name === undefined) misused();
  all.push(simulate(place, { name, isOnline: power === "online", link: link ?? null, say: say(name) }));
}
end.abort();
await Promise.all(all);
