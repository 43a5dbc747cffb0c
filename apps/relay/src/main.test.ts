// The program, as an operator meets it: started, told wrong things, and stopped.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { parseConfig } from "./config.ts";
import { operatorErrorCodes, type OperatorError } from "./operator-error.ts";
import { accountOn, makeMailboxKeys } from "./testing/client.ts";
import { Program } from "./testing/program.ts";
import { outcomeOf, temporaryFolder } from "./testing/relay.ts";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));

const tokenIn = ({ output }: Program) =>
  /^the token of a new account, shown this once: (\S+)\n/m.exec(output)?.[1];

async function canOpen(origin: string, token: string): Promise<string> {
  return outcomeOf(accountOn(origin, token).open((await makeMailboxKeys()).publicKeys, "puts"));
}

test("the first start makes an account and says its token; the next one says nothing of it, and the token is good", async () => {
  const first = new Program({ LOCKSTEP_RELAY_DATA: folder });
  const token = tokenIn(await started(first)) ?? "";
  expect(await canOpen(await first.origin(), token)).toBe("done");
  expect(await first.stop()).toBe(0);
  const second = await started(new Program({ LOCKSTEP_RELAY_DATA: folder }));
  expect(tokenIn(second)).toBeUndefined();
  expect(await canOpen(await second.origin(), token)).toBe("done");
  expect(await second.stop()).toBe(0);
});

async function started(program: Program): Promise<Program> {
  await program.origin();
  return program;
}

test("another account is added to the file, and works from the next start", async () => {
  const file = join(folder, "accounts.json");
  const variables = { LOCKSTEP_RELAY_DATA: folder, LOCKSTEP_RELAY_ACCOUNTS: file };
  const tokens = [];
  for (let count = 0; count < 2; count++) {
    const adding = new Program(variables, ["--add-account"]);
    expect(await adding.ended()).toBe(0);
    tokens.push(tokenIn(adding) ?? "");
  }
  const program = new Program(variables);
  const origin = await program.origin();
  for (const token of tokens) expect(await canOpen(origin, token)).toBe("done");
  expect(tokenIn(program)).toBeUndefined();
  expect(await program.stop()).toBe(0);
});

/** What the operator is told, on two lines. */
async function toldBy(variables: NodeJS.ProcessEnv, parameters: readonly string[] = []): Promise<string> {
  const program = new Program({ LOCKSTEP_RELAY_DATA: folder, ...variables }, parameters);
  expect(await program.ended()).toBe(1);
  expect(program.output).toMatch(/^error: [^A-Z].*[^.]\nhint: .*[^.]\n$/m);
  return program.output.replaceAll(folder, "FOLDER");
}

test("what the operator can put right is said in two lines: what happened, and what to do", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" ? String(address?.port) : "";
  writeFileSync(join(folder, "accounts.json"), JSON.stringify({ accounts: [] }));
  expect(await toldBy({ LOCKSTEP_RELAY_PORT: port })).toContain(`listens on port ${port}`);
  taken.close();
  expect(await toldBy({ LOCKSTEP_RELAY_ACCOUNTS: join(folder, "elsewhere.json") })).toContain(
    "error: there is no file of accounts at FOLDER/elsewhere.json\n",
  );
  const running = await started(new Program({ LOCKSTEP_RELAY_DATA: folder }));
  expect(await toldBy({})).toContain("error: another relay works with FOLDER/relay.sqlite\n");
  expect(await running.stop()).toBe(0);
  writeFileSync(join(folder, "accounts.json"), "[]");
  expect(await toldBy({})).toContain("FOLDER/accounts.json, cannot be used");
});

/** The code with which settings are refused, and what is said of them. */
function refusalOf(variables: NodeJS.ProcessEnv, parameters: readonly string[] = []): string {
  try {
    parseConfig(variables, parameters);
    return "accepted";
  } catch (error) {
    const { code, message } = error as OperatorError;
    return `${code}: ${message}`;
  }
}

test("a setting that is not of its form is named", () => {
  expect(refusalOf({ LOCKSTEP_RELAY_PORT: "http" })).toMatch(/^configuration-invalid: .*LOCKSTEP_RELAY_PORT/);
  expect(refusalOf({ LOCKSTEP_RELAY_ORIGIN: "http://relay.example.org" })).toMatch(/LOCKSTEP_RELAY_ORIGIN/);
  expect(refusalOf({}, ["--add"])).toMatch(/^configuration-invalid: .*--add/);
});

test("plain HTTP is served to this machine only, unless there is an HTTPS address before it", () => {
  const LOCKSTEP_RELAY_LISTEN = "0.0.0.0";
  expect(refusalOf({ LOCKSTEP_RELAY_LISTEN })).toMatch(/^configuration-invalid: LOCKSTEP_RELAY_LISTEN/);
  const LOCKSTEP_RELAY_ORIGIN = "https://relay.example.org/";
  expect(parseConfig({ LOCKSTEP_RELAY_LISTEN, LOCKSTEP_RELAY_ORIGIN }, [])).toMatchObject({
    host: "0.0.0.0",
    publicOrigin: "https://relay.example.org",
  });
});

test("without settings it listens on port 8481 of this machine, and keeps its store below where it was called", () => {
  expect(parseConfig({ LOCKSTEP_FOLDER: "/srv" }, [])).toEqual({
    port: 8481,
    host: "127.0.0.1",
    publicOrigin: null,
    folder: "/srv/data/relay",
    accountsFile: "/srv/data/relay/accounts.json",
    needsAccountsFile: false,
    addAccount: false,
    isAttached: false,
  });
});

const document = readFileSync(new URL("../../../docs/relay.md", import.meta.url), "utf8");

test("docs/relay.md has a section for every reason not to start, and for none that does not exist", () => {
  const sections = [...document.matchAll(/^### `([a-z-]+)`$/gm)].map(([, code]) => code);
  expect(sections.sort()).toEqual([...operatorErrorCodes].sort());
});

test("docs/relay.md lists every setting", () => {
  const named = [...document.matchAll(/^\| `(LOCKSTEP_RELAY_[A-Z]+)`/gm)].map(([, setting]) => setting);
  const source = readFileSync(new URL("config.ts", import.meta.url), "utf8");
  const read = [...source.matchAll(/^ {2}(LOCKSTEP_RELAY_[A-Z]+):/gm)].map(([, setting]) => setting);
  expect(named.sort()).toEqual(read.sort());
  expect(read.length).toBeGreaterThan(3);
});
