// What only a terminal shows: questions whose answers stay unseen, how far something is, and what Ctrl-C does.

import { spawn } from "node:child_process";
import { readdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { Organisation } from "../../../packages/workstation/src/testing/organisation.ts";
import { useRelay } from "../../relay/src/testing/relay.ts";
import { Machine } from "./testing/machine.ts";
import { activatedOn } from "./testing/office.ts";

const relay = useRelay();
const password = "correct horse battery";

interface Typing {
  /** What is typed once `after` is on the screen. */
  readonly keys: string;
  readonly after: string;
}

/** Runs a line on a terminal of its own (util-linux's script). */
async function onTerminal(machine: Machine, line: string, ...typing: readonly Typing[]): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const child = spawn("/usr/bin/script", ["-qec", line, "/dev/null"], {
    cwd: machine.folder,
    env: machine.environment,
    stdio: ["pipe", "pipe", "inherit"],
  });
  let screen = "";
  let seen = 0;
  const left = [...typing];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    const [next] = left;
    const at = next === undefined ? -1 : screen.indexOf(next.after, seen);
    if (next === undefined || at < 0) return;
    seen = at + next.after.length;
    left.shift();
    child.stdin.write(next.keys);
  });
  child.on("close", () => resolve(screen));
  return promise;
}

const asked = "which opens your keys: ";
const again = "the same again: ";
const erased = "\\r\\u001b\\[K";

async function newcomer() {
  const machine = new Machine();
  onTestFinished(() => machine.remove());
  const organisation = new Organisation(relay);
  const activation = await organisation.issue();
  const command = `lockstep-client activate ${activation.code} --relay ${relay.origin}`;
  return { machine, organisation, activation, command };
}

describe.runIf(process.platform === "linux")("a newcomer on a terminal", () => {
  test("two passwords that differ change nothing", async () => {
    const { machine, organisation, activation, command } = await newcomer();
    const screen = await onTerminal(
      machine,
      command,
      { after: asked, keys: `${password}\r` },
      { after: again, keys: "correct horse buttery\r" },
    );
    expect(screen).toContain("error: the two are not the same");
    expect(screen).not.toContain("horse");
    expect(await organisation.admit(activation)).toEqual([]);
  });

  test("Ctrl-C while the server is waited for leaves a request with which the same command goes on", async () => {
    const { machine, organisation, activation, command } = await newcomer();
    const line = `trap : INT; ${command}; echo ended with $?`;
    const typed = [
      { after: asked, keys: `${password}x\u007f\r` },
      { after: again, keys: `${password}\r` },
    ];
    const stopped = await onTerminal(machine, line, ...typed, {
      after: "waiting for the server: 0:01",
      keys: "\u0003",
    });
    expect(stopped).toContain("compare with the server: ");
    expect(stopped).toContain("hint: the request stays; the same command goes on waiting");
    expect(stopped).toContain("ended with 130");
    expect(stopped).not.toContain("horse");
    const [screen, joins] = await Promise.all([
      onTerminal(machine, line, ...typed),
      organisation.admit(activation, 20),
    ]);
    expect(joins).toHaveLength(1);
    expect(screen).toContain("This workstation is activated.");
  });
});

describe.runIf(process.platform === "linux")("on a terminal", () => {
  const machine = new Machine();
  beforeAll(async () => {
    await activatedOn(machine, new Organisation(relay));
  });
  afterAll(() => machine.remove());

  test("a command that needs the password asks for it, and Ctrl-C instead of it changes nothing", async () => {
    const path = machine.write("plan.txt", "twelve");
    const question = "password of the Key-File: ";
    const stopped = await onTerminal(
      machine,
      "trap : INT; lockstep-client encrypt plan.txt; echo ended with $?",
      {
        after: question,
        keys: "corr\u0003",
      },
    );
    expect(stopped).toContain("error: nothing was entered");
    expect(stopped).toContain("ended with 130");
    expect(statSync(path).size).toBe(6);
    const screen = await onTerminal(machine, "lockstep-client encrypt plan.txt", {
      after: question,
      keys: `${password}\r`,
    });
    expect(screen).toContain("Encrypted plan.txt to plan.txt.age.");
  });

  test("files show how far they are, on a line that gives way to the result", async () => {
    await machine.run("lockstep-client login --password-file password");
    truncateSync(machine.write("large.bin", ""), 64 * 2 ** 20);
    const screen = await onTerminal(machine, "lockstep-client encrypt large.bin");
    expect(screen).toMatch(new RegExp(`${erased}large[.]bin {2}\\[#* *\\] +\\d+ % {2}[\\d.]+ \\w+ of 67 MB`));
    expect(screen).toMatch(new RegExp(`${erased}Encrypted large[.]bin to large[.]bin[.]age[.]`));
  });

  test("Ctrl-C in the middle of a file leaves the file as it was, and nothing beside it", async () => {
    truncateSync(machine.write("box/large.bin", ""), 2 ** 30);
    const screen = await onTerminal(machine, "trap : INT; lockstep-client encrypt box; echo ended with $?", {
      after: "large.bin",
      keys: "\u0003",
    });
    expect(screen).toContain("ended with 130");
    expect(readdirSync(join(machine.folder, "box"))).toEqual(["large.bin"]);
    expect(statSync(join(machine.folder, "box", "large.bin")).size).toBe(2 ** 30);
  });
});
