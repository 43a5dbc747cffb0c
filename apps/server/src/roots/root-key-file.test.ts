import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inspect } from "node:util";

import { newSigningKey } from "@lockstep/keyfile";
import { expect, onTestFinished, test } from "vitest";

import { OperatorError } from "../db/operator-error.ts";
import { makeRootKeyFile, openRootHolder } from "./root-key-file.ts";

async function newPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-root-key-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "keys", "root-key.json");
}

function refusal(act: () => unknown): OperatorError {
  try {
    act();
  } catch (cause) {
    if (cause instanceof OperatorError) return cause;
    throw cause;
  }
  throw new Error("nothing was refused");
}

test("the root holder's key is made once, for the server's user alone", async () => {
  const file = await newPath();
  makeRootKeyFile(file);
  const made = openRootHolder(file).find();
  expect(((await stat(file)).mode & 0o777).toString(8)).toBe("600");
  expect(((await stat(dirname(file))).mode & 0o777).toString(8)).toBe("700");
  makeRootKeyFile(file);
  expect(openRootHolder(file).find()?.signer.kid).toBe(made?.signer.kid);
});

test("the file may be taken away and brought back while the server runs", async () => {
  const file = await newPath();
  makeRootKeyFile(file);
  const holder = openRootHolder(file);
  const text = await readFile(file, "utf8");
  const before = holder.find()?.signer.kid;
  await rm(file);
  expect(holder.find()).toBeNull();
  await writeFile(file, text, { mode: 0o600 });
  expect(holder.find()?.signer.kid).toBe(before);
});

test("a file that is open to other users is refused", async () => {
  const file = await newPath();
  makeRootKeyFile(file);
  await chmod(file, 0o640);
  expect(refusal(() => openRootHolder(file).find()).code).toBe("root-key-invalid");
});

const key = newSigningKey();

test.each([
  ["is cut short", JSON.stringify(key).slice(0, -5)],
  ["has halves of two keys", JSON.stringify({ ...key, x: newSigningKey().x })],
  ["has no secret half", JSON.stringify({ ...key, d: "" })],
  ["has something else in it", JSON.stringify({ ...key, more: 1 })],
  ["has a key of another kind", JSON.stringify({ ...key, crv: "X25519" })],
])("a file that %s is refused, and nothing of it is repeated", async (_, text) => {
  const file = await newPath();
  await mkdir(dirname(file));
  await writeFile(file, text, { mode: 0o600 });
  const error = refusal(() => openRootHolder(file).find());
  expect(error.code).toBe("root-key-invalid");
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain(key.d.slice(0, 8));
});

test("the secret half does not show when the key is printed", async () => {
  const file = await newPath();
  makeRootKeyFile(file);
  const { d } = JSON.parse(await readFile(file, "utf8")) as { d: string };
  expect(inspect(openRootHolder(file).find(), { depth: null, showHidden: true })).not.toContain(d);
});
