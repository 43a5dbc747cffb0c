import { spawnSync } from "node:child_process";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

import { expect, test } from "vitest";

import { decryptFile, encryptFile } from "./files.ts";
import { eachFile, type Purpose } from "./folder.ts";
import { asOrdinaryUser, keys, lock, namesIn, newFolder } from "./testing/scratch.ts";

const leftover = (pid: number, name = "report.pdf"): string => `${name}.age.tmp-${pid}-0123456789ab`;
const dead = spawnSync("true").pid;

async function newTree(): Promise<string> {
  const folder = await newFolder();
  await mkdir(join(folder, "crew/night"), { recursive: true });
  for (const name of [
    "b.txt",
    "a.txt",
    ".hidden",
    "sealed.age",
    "crew/roster",
    "crew/night/shift",
    "crew/old.age",
  ]) {
    await writeFile(join(folder, name), name);
  }
  await symlink(join(folder, "crew"), join(folder, "linked-folder"));
  await symlink(join(folder, "a.txt"), join(folder, "linked-file"));
  return folder;
}

async function found(folder: string, purpose: Purpose): Promise<string[]> {
  const all: string[] = [];
  for await (const file of eachFile(folder, purpose)) {
    all.push(
      relative(folder, file.path) + ("refusal" in file ? `: ${file.refusal.code}` : ` ${file.sizeBytes}`),
    );
  }
  return all;
}

test("a folder's files are found in every depth and in order, hidden ones too; links are not followed", async () => {
  const folder = await newTree();
  expect(await found(folder, "encrypt")).toEqual([
    ".hidden 7",
    "a.txt 5",
    "b.txt 5",
    "crew/night/shift 16",
    "crew/roster 11",
  ]);
  expect(await found(folder, "decrypt")).toEqual(["crew/old.age 12", "sealed.age 10"]);
});

test("a folder that was encrypted and decrypted is as it was", async () => {
  const folder = await newTree();
  const before = spawnSync("find", [folder], { encoding: "utf8" }).stdout.split("\n").sort();
  const { lock: to, opened } = { lock, opened: keys };
  for await (const { path } of eachFile(folder, "encrypt")) await encryptFile(path, { lock: to });
  expect(await found(folder, "encrypt")).toEqual([]);
  for await (const { path } of eachFile(folder, "decrypt")) {
    if (!/old|sealed/.test(path)) await decryptFile(path, { keys: opened });
  }
  expect(spawnSync("find", [folder], { encoding: "utf8" }).stdout.split("\n").sort()).toEqual(before);
});

test("a single file is found whatever it is called, and what is not there is refused", async () => {
  const folder = await newTree();
  expect(await found(join(folder, "sealed.age"), "encrypt")).toEqual([" 10"]);
  await expect(found(join(folder, "nothing"), "encrypt")).rejects.toMatchObject({ code: "file-missing" });
});

test("a folder that may not be looked into is told of, and does not stop the others", async () => {
  const folder = await newTree();
  await chmod(join(folder, "crew"), 0o700);
  const all = await asOrdinaryUser(() => found(folder, "encrypt"));
  if (process.geteuid?.() === 0) {
    expect(all).toEqual([".hidden 7", "a.txt 5", "b.txt 5", "crew: file-not-readable"]);
  }
});

test("what a crash has left is removed at the next run; what a living process writes stays", async () => {
  const folder = await newFolder();
  const stay = ["report.pdf", leftover(process.ppid), "my.tmp-1-file", "report.pdf.tmp-1-0123456789ab"];
  for (const name of [...stay, leftover(dead), leftover(process.pid)])
    await writeFile(join(folder, name), name);
  expect(await found(folder, "encrypt")).toEqual([
    "my.tmp-1-file 13",
    "report.pdf 10",
    "report.pdf.tmp-1-0123456789ab 29",
  ]);
  expect(await namesIn(folder)).toEqual(stay.sort());
});

test("who encrypts a single file also removes what a crash has left beside it", async () => {
  const folder = await newFolder();
  for (const name of ["report.pdf", leftover(dead)]) await writeFile(join(folder, name), name);
  await encryptFile(join(folder, "report.pdf"), { lock });
  expect(await namesIn(folder)).toEqual(["report.pdf.age"]);
});

test("a file that is being written is not taken for what a crash has left", async () => {
  const folder = await newFolder();
  const path = join(folder, "report.pdf");
  await writeFile(path, Buffer.alloc(3_000_000));
  const looks: Promise<string[]>[] = [];
  await encryptFile(path, { lock, onProgress: () => looks.push(found(folder, "encrypt")) });
  expect((await Promise.all(looks)).length).toBeGreaterThan(0);
  expect(await namesIn(folder)).toEqual(["report.pdf.age"]);
});
