// kill -9 of the real program in the middle of its work, ten times each: whatever it leaves, the same command comes to
// the same end. packages/workstation stops at every single write; here it is a whole process that ends at any moment.

import { readdirSync, readFileSync, truncateSync } from "node:fs";
import { basename, join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { Organisation, type Activation } from "../../../packages/workstation/src/testing/organisation.ts";
import { useRelay } from "../../relay/src/testing/relay.ts";
import { Machine } from "./testing/machine.ts";
import { activatedOn } from "./testing/office.ts";

const relay = useRelay();
const machine = new Machine();
const rounds = Array.from({ length: 10 }, (_, round) => round);
let organisation: Organisation;
let activation: Activation;

beforeAll(async () => {
  organisation = new Organisation(relay);
  activation = await activatedOn(machine, organisation);
  await machine.run("lockstep-client login --password-file password");
});
afterAll(() => machine.remove());

/** Runs the program and kills it after so long, unless it has ended by then. @returns how long it ran. */
async function killed(words: readonly string[], milliseconds: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const since = performance.now();
  const child = machine.start(words, "ignore");
  const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
  child.on("close", () => {
    clearTimeout(timer);
    resolve(performance.now() - since);
  });
  return promise;
}

/** Moments from the first to the last of a run, most of them after the program has been loaded. */
function momentIn(whole: number, round: number): number {
  return whole * (0.5 + (0.5 * (round + 0.5)) / rounds.length);
}

test("a sync that is killed at any moment loses no Key-File, and the next one tells the server", async () => {
  await organisation.post(activation);
  const whole = await killed(["sync"], 60_000);
  for (const round of rounds) {
    await organisation.post(activation);
    await killed(["sync"], momentIn(whole, round));
    expect((await machine.run("lockstep-client sync")).exitCode).toBe(0);
    await organisation.read(activation);
    expect(activation.reports.at(-1)).toMatchObject({ applied: { ver: activation.version } });
  }
  const { screen } = await machine.run("lockstep-client status --json");
  expect(JSON.parse(screen)).toMatchObject({ keyFile: { version: activation.version }, isLoggedIn: true });
  const numbers = activation.reports.map(({ rseq }, at) => `${rseq} ${activation.hashes[at] ?? ""}`);
  expect(new Set(numbers).size).toBe(new Set(activation.reports.map(({ rseq }) => rseq)).size);
});

const files = ["one.bin", "two.bin", "three.bin"];
const sizeBytes = 4 * 2 ** 20;

function fill(folder: string): void {
  for (const name of files) truncateSync(machine.write(join(folder, name), name), sizeBytes);
}

test("an encryption that is killed at any moment loses no file, and the next one finishes it", async () => {
  fill("whole");
  const whole = await killed(["encrypt", "whole"], 60_000);
  let interrupted = 0;
  for (const round of rounds) {
    const folder = `round-${round}`;
    fill(folder);
    await killed(["encrypt", folder], momentIn(whole, round));
    const left = readdirSync(join(machine.folder, folder));
    interrupted += left.some((name) => !name.endsWith(".age")) ? 1 : 0;
    // Killed between the new file and the removal of the original, both are there, and each is whole.
    const both = files.filter((name) => left.includes(name) && left.includes(`${name}.age`));
    const { exitCode } = await machine.run(`lockstep-client encrypt ${folder}`);
    expect([exitCode, both.length]).toEqual(both.length === 0 ? [0, 0] : [expect.any(Number), 1]);
    const names = readdirSync(join(machine.folder, folder));
    expect(names).toEqual([...files.map((name) => `${name}.age`), ...both].sort());
  }
  await machine.run("lockstep-client decrypt round-* --to opened");
  for (const path of rounds.flatMap((round) => files.map((name) => join(`round-${round}`, name)))) {
    const opened = readFileSync(join(machine.folder, "opened", path));
    const name = basename(path);
    expect([opened.length, opened.toString("latin1", 0, name.length)]).toEqual([sizeBytes, name]);
  }
  expect(interrupted).toBeGreaterThan(0);
});
