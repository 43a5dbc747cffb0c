// What only a terminal shows: colours, and a question whose answer stays unseen.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { signInTo, startExampleServer, type TestServer } from "../../server/src/testing.ts";
import { Machine } from "./testing/machine.ts";

let server: TestServer;
let token: string;
const machine = new Machine();

beforeAll(async () => {
  server = await startExampleServer();
  ({ token } = await signInTo(server.origin, "ada"));
});
afterAll(async () => {
  machine.remove();
  await server.stop();
});

interface Typing {
  /** What is typed once `after` is on the screen. */
  readonly keys: string;
  readonly after: string;
}

/** Runs a line on a terminal of its own (util-linux's script). */
async function onTerminal(line: string, { keys, after }: Typing = { keys: "", after: "" }): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const environment = { ...machine.environment, LOCKSTEP_SERVER: server.origin };
  const child = spawn("/usr/bin/script", ["-qec", line, "/dev/null"], {
    cwd: machine.folder,
    env: environment,
    stdio: ["pipe", "pipe", "inherit"],
  });
  let screen = "";
  let isTyped = keys === "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    if (isTyped || !screen.includes(after)) return;
    isTyped = true;
    child.stdin.write(keys);
  });
  child.on("close", () => resolve(screen));
  return promise;
}

const question = () => ({ after: `token for ${server.origin}: ` });

describe.runIf(process.platform === "linux")("on a terminal", () => {
  test("the token is asked for, and nothing of it is shown", async () => {
    // With a slip of the finger, taken back.
    const keys = `${token}x\u007f\r`;
    const screen = await onTerminal("lockstep sign-in $LOCKSTEP_SERVER", { ...question(), keys });
    expect(screen).toContain("Signed in");
    expect(screen).toContain("as Ada Holm");
    expect(screen).not.toContain(token.slice(-20));
    expect(readFileSync(machine.profile, "utf8")).toContain(token);
    expect(await onTerminal("lockstep whoami")).toContain("Ada Holm");
  });

  test("an import says how far it is, on a line that gives way to the sums", async () => {
    const rows = Array.from({ length: 500 }, (_row, index) => `Cadet,cadet${index}`);
    machine.write("cadets.csv", ["name,username", ...rows].join("\n"));
    const screen = await onTerminal("lockstep users import cadets.csv");
    expect(screen).toContain("\r\u001b[K0 of 500 rows");
    expect(screen).toContain("\r\u001b[KOf 500 rows, 500 were added and 0 were skipped.");
  });

  test("Ctrl-C instead of a token leaves everything as it was", async () => {
    const before = readFileSync(machine.profile, "utf8");
    const screen = await onTerminal("lockstep sign-in $LOCKSTEP_SERVER", {
      ...question(),
      keys: "abc\u0003",
    });
    expect(screen).toContain("error: nothing was entered");
    expect(screen).not.toContain("abc");
    expect(readFileSync(machine.profile, "utf8")).toBe(before);
  });

  test("statuses have their colours, and their words say the same", async () => {
    const screen = await onTerminal("lockstep users list --status red");
    expect(screen).toContain("\u001b[31mRequires Key-File update\u001b[39m");
  });

  // https://no-color.org
  test("who wants no colours gets none", async () => {
    const screen = await onTerminal("NO_COLOR=1 lockstep users list --status red");
    expect(screen).toContain("Requires Key-File update");
    expect(screen).not.toContain("\u001b[");
  });
});

test("colours stay on the terminal: other programs read words only", async () => {
  const { screen } = await machine.run("lockstep users list --status red | cat", {
    LOCKSTEP_SERVER: server.origin,
    LOCKSTEP_TOKEN: token,
  });
  expect(screen).toContain("Requires Key-File update");
  expect(screen).not.toContain("\u001b");
});
