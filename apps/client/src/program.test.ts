// The command line as a whole: its help, and what it says to mistakes in typing.

import { afterAll, expect, test } from "vitest";

import { exitCodes } from "./exit-codes.ts";
import { programFor } from "./program.ts";
import { Machine } from "./testing/machine.ts";

const machine = new Machine();
afterAll(() => machine.remove());

const program = programFor({});

test.each([program, ...program.commands].map((command) => [command.name(), command] as const))(
  "the help of %s says what it does and what all of it means, and fits a terminal",
  (_name, command) => {
    expect(command.description()).toMatch(/^[A-Z][^]*[.]$/);
    for (const option of command.options) expect(option.description).not.toBe("");
    for (const line of command.helpInformation().split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  },
);

test("every exit code is in the help", async () => {
  const { exitCode, screen } = await machine.run("lockstep-client --help");
  const named = [...screen.matchAll(/^ {2}(\d+) {2}\S/gm)].map(([, code]) => Number(code));
  expect(named).toEqual(Object.values(exitCodes));
  expect(exitCode).toBe(0);
});

test.each([
  ["lockstep-client encrypts a", "unknown command 'encrypts'", "did you mean encrypt?"],
  ["lockstep-client encrypt", "missing required argument 'path'", "lockstep-client encrypt --help"],
  ["lockstep-client sync --postponed", "unknown option '--postponed'", "did you mean --postpone?"],
  [
    "lockstep-client status --profile ../other",
    /letters, digits and dashes/,
    "lockstep-client status --help",
  ],
  ["lockstep-client login hunter2", "too many arguments", "lockstep-client login --help"],
  ["LOCKSTEP_CLIENT_HOME=keys lockstep-client status", "is no whole path", "begin it with a slash"],
  ["lockstep-client", "no command was named", "one of those above"],
])("%s is answered with what is wrong, what to do, and exit code 2", async (line, error, hint) => {
  const { exitCode, screen } = await machine.run(line);
  expect(screen).toMatch(/^error: [^A-Z]/m);
  expect(screen.replaceAll(/\n {6,7}/g, " ")).toMatch(error);
  expect(screen).toContain(`hint: ${hint}`);
  expect(exitCode).toBe(2);
});

test("a password that was typed as an argument is not repeated", async () => {
  const { screen } = await machine.run("lockstep-client login hunter2");
  expect(screen).not.toContain("hunter2");
});

test("the profiles of two organisations share nothing", async () => {
  const text = (await machine.run("lockstep-client status --json --profile northwind")).screen;
  expect(JSON.parse(text)).toMatchObject({ profile: "northwind", stage: "new" });
});
