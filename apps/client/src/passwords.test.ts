// Passwords from files: what counts is the first line, as it is.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { chosenPassword, existingPassword } from "./passwords.ts";

const folder = mkdtempSync(join(tmpdir(), "lockstep-passwords-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(text: string): string {
  const path = join(folder, "password");
  writeFileSync(path, text);
  return path;
}

test.each([
  ["correct horse", "correct horse"],
  ["correct horse\n", "correct horse"],
  ["correct horse\r\nsomething else\n", "correct horse"],
  [" spaces belong to it ", " spaces belong to it "],
])("of %j the password is %j", async (text, password) => {
  expect(await existingPassword(fileWith(text), "")).toBe(password);
  expect(await chosenPassword(fileWith(text), "")).toBe(password);
});

test.each(["", "\n", "\nsecond line"])("%j holds no password", async (text) => {
  await expect(existingPassword(fileWith(text), "")).rejects.toThrow("holds no password");
});

test("a file that cannot be read is named", async () => {
  await expect(existingPassword(join(folder, "missing"), "")).rejects.toThrow("missing cannot be read");
});
