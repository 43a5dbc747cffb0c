// The command line as a whole: its help, and what it says to mistakes in typing.

import type { Command } from "commander";
import { afterAll, expect, test } from "vitest";

import { programFor } from "./program.ts";
import { Machine } from "./testing/machine.ts";

const machine = new Machine();
afterAll(() => machine.remove());

function everyCommand(command: Command, name = command.name()): (readonly [string, Command])[] {
  const below = command.commands.flatMap((each) => everyCommand(each, `${name} ${each.name()}`));
  return [[name, command], ...below];
}

test.each(everyCommand(programFor({})))(
  "the help of %s says what it does and what all of it means, and fits a screen",
  (_name, command) => {
    expect(command.description()).toMatch(/^[A-Z][^]*[.]$/);
    for (const option of command.options) expect(option.description).not.toBe("");
    for (const line of command.helpInformation().split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  },
);

test.each([
  ["lockstep user sho bo", "unknown command 'sho'", "did you mean show?"],
  ["lockstep users list --state red", "unknown option '--state'", "did you mean --status?"],
  [
    "lockstep users list --status rad",
    /status.* it is one of unlicensed, orphaned/,
    "lockstep users list --help",
  ],
  ["lockstep user show", "missing required argument 'user'", "lockstep user show --help"],
  [
    "lockstep team move Pilots",
    "required option '--parent <team>' not specified",
    "lockstep team move --help",
  ],
  ["lockstep licence edit X --seats many", /it is a whole number/, "lockstep licence edit --help"],
  [
    "lockstep licence edit X --until 2026-02-30",
    /it is a day like 2027-03-31/,
    "lockstep licence edit --help",
  ],
  ["lockstep licence edit X", "nothing to change was named", "--seats NUMBER"],
  ["lockstep group set-keys Company", "nothing was named", "--none"],
  ["lockstep user command bo lok", /it is one of deactivate, .*lock/, "lockstep user command --help"],
  ["lockstep updates list --state done", /it is one of posted, fetched/, "lockstep updates list --help"],
  ["lockstep updates cancel 7", /it is an id, as lockstep updates list/, "lockstep updates cancel --help"],
  ["lockstep key-files post --team A --user b", "--team goes without --user", "leave out both"],
])("%s is answered with what is wrong, what to type, and exit code 2", async (line, error, hint) => {
  const { exitCode, screen } = await machine.run(line);
  const [first, second] = screen.split("\n");
  expect(first).toMatch(/^error: [^A-Z]/);
  expect(first).toMatch(error);
  expect(second).toMatch(/^hint: [^A-Z]/);
  expect(second).toContain(hint);
  expect(exitCode).toBe(2);
});

test("a noun alone lists its verbs", async () => {
  const { exitCode, screen } = await machine.run("lockstep users");
  expect(screen).toContain("show");
  expect(screen).toMatch(/error: no command was named\nhint: one of those above\n$/);
  expect(exitCode).toBe(2);
});

test("help that was asked for is no mistake", async () => {
  expect(await machine.run("lockstep user show --help")).toMatchObject({ exitCode: 0 });
  expect(await machine.run("lockstep --help")).toMatchObject({ exitCode: 0 });
});

test("what was typed is repeated as harmless text", async () => {
  const { screen } = await machine.run("lockstep users list --server \"$(printf 'x\\033[2J')\"");
  expect(screen).toContain("error: x�[2J is not the address of a server\n");
});

test("a token that was typed as an argument is not repeated", async () => {
  const token = `lockstep_${"x".repeat(86)}`;
  const { exitCode, screen } = await machine.run(`lockstep sign-in http://127.0.0.1:1 ${token}`);
  expect(screen).toContain("too many arguments");
  expect(screen).not.toContain(token);
  expect(exitCode).toBe(2);
});
