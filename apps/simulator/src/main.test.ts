import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { afterAll, expect, test } from "vitest";

import { Organisation, type Activation } from "../../../packages/workstation/src/testing/organisation.ts";
import { useRelay } from "../../relay/src/testing/relay.ts";

const program = fileURLToPath(new URL("main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lockstep-simulator-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const relay = useRelay();

/** The program, with people who log in at once. */
function start() {
  const child = spawn(process.execPath, [program, folder, "--pace", "0"], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    tell: (line: string) => child.stdin.write(`${line}\n`),
    hear: async () => (await said.next()).value as string,
    end: async () => {
      const ended = once(child, "exit");
      child.stdin.end();
      const [exitCode] = (await ended) as [number | null];
      return exitCode;
    },
  };
}

const linkTo = ({ code }: Activation) =>
  `lockstep:activate#code=${code}&relay=${encodeURIComponent(relay.origin)}`;

/** The versions that are reported as applied, until this one is. */
async function appliedUntil(organisation: Organisation, activation: Activation, version: number) {
  const applied: (number | undefined)[] = [];
  const up = await organisation.mailbox(activation.mailboxes.up);
  while (applied.at(-1) !== version) {
    await up.fetch({ after: activation.reportsRead, wait: 20 });
    applied.push(...(await organisation.read(activation)).map((report) => report.applied?.ver));
  }
  return applied;
}

test("a workstation that is on activates and applies what is posted, and ends with whoever started it", async () => {
  const organisation = new Organisation(relay);
  const activation = await organisation.issue();
  const fleet = start();
  fleet.tell(`WS-1 online ${linkTo(activation)}`);
  await organisation.admit(activation, 20);
  expect(await fleet.hear()).toBe("WS-1: activated");
  await organisation.post(activation);
  expect(await appliedUntil(organisation, activation, 2)).toContain(1);
  expect(await fleet.end()).toBe(0);
});

test("a workstation that is off applies nothing, and goes on where it was when it is on the next time", async () => {
  const organisation = new Organisation(relay);
  const activation = await organisation.issue();
  const first = start();
  first.tell(`WS-2 offline ${linkTo(activation)}`);
  await organisation.admit(activation, 20);
  expect(await first.hear()).toBe("WS-2: activated");
  await organisation.post(activation);
  expect(await first.end()).toBe(0);
  expect(await appliedUntil(organisation, activation, 1)).toEqual([1]);
  const second = start();
  second.tell("WS-2 online");
  expect((await appliedUntil(organisation, activation, 2)).at(-1)).toBe(2);
  expect(await second.end()).toBe(0);
});

test("a workstation that cannot work says why, and the others go on", async () => {
  const fleet = start();
  fleet.tell("WS-3 online");
  expect(await fleet.hear()).toBe("WS-3: This profile is not activated.");
  fleet.tell("WS-4 online lockstep:activate#code=01234");
  expect(await fleet.hear()).toMatch(/^WS-4: .*code/);
  expect(await fleet.end()).toBe(0);
});

test("a line that names no workstation ends the program with the exit code of wrong usage", async () => {
  const fleet = start();
  fleet.tell("../WS-5 online");
  expect(await fleet.end()).toBe(2);
});
