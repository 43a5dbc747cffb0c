// Many files at once: which are taken, where they go, and what one that cannot be done means for the others.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { WorkstationRefusal } from "@lockstep/workstation";
import { afterEach, beforeEach, expect, test } from "vitest";

import { convertEach, gather, refuseWhatIsLeft, targetBelow, type Batch } from "./batch.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-batch-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
}

const at = (...names: readonly string[]) => names.map((name) => join(folder, name));

test("a file that is named twice is done once", async () => {
  write("a/one.txt", "a/two.txt");
  const { jobs } = await gather(at("a", "a/one.txt", "a/../a"), "encrypt", []);
  expect(jobs).toHaveLength(2);
});

test("what is not there keeps nothing else from being found", async () => {
  write("a/one.txt");
  const { jobs, left } = await gather(at("missing", "a"), "encrypt", []);
  expect(jobs).toHaveLength(1);
  expect(left).toMatchObject([{ refusal: { code: "file-missing" } }]);
});

test("our own files are never among them, by whatever way one gets there", async () => {
  write("home/lockstep/default/profile.json", "home/plan.txt");
  symlinkSync(join(folder, "home"), join(folder, "link"));
  const ours = at("home/lockstep");
  for (const path of at(
    "home",
    "link/lockstep",
    "link/lockstep/default/profile.json",
    "home/../home/lockstep",
  )) {
    const { jobs, ownFiles } = await gather([path], "encrypt", ours);
    expect(jobs.filter((job) => job.path.includes("profile.json"))).toEqual([]);
    expect(ownFiles).toBe(1);
  }
  // The link itself is one of those that are left alone.
  expect((await gather(at("link"), "encrypt", at("link/lockstep"))).jobs).toMatchObject([{ below: "link" }]);
});

test("a folder with a name that begins like ours is not ours", async () => {
  write("lockstep-papers/plan.txt");
  expect(await gather(at("lockstep-papers"), "encrypt", at("lockstep"))).toMatchObject({ ownFiles: 0 });
});

test("another folder gets the files in folders like those they were in, and never a file above it", async () => {
  write("a/b/plan.txt.age");
  const targets = [];
  for (const path of at("a", "a/b", "a/b/plan.txt.age", "a/b/..")) {
    const [job] = (await gather([path], "decrypt", [])).jobs;
    targets.push(job && (await targetBelow(join(folder, "to"), job)));
  }
  expect(targets).toEqual(at("to/a/b/plan.txt", "to/b/plan.txt", "to/plan.txt", "to/a/b/plan.txt"));
});

test("a folder that cannot be made is named", async () => {
  write("to");
  const job = { path: "plan.txt.age", below: "a/plan.txt.age", sizeBytes: 1 };
  await expect(targetBelow(join(folder, "to"), job)).rejects.toMatchObject({ code: "folder-not-writable" });
});

const batch: Batch = {
  jobs: ["one", "two", "three"].map((path) => ({ path, below: path, sizeBytes: 1 })),
  left: [],
  ownFiles: 0,
};

test("a full disk ends it: the others would only find the same", async () => {
  const outcome = await convertEach(batch, ({ path }) =>
    path === "two" ? Promise.reject(new WorkstationRefusal("disk-full")) : Promise.resolve(`${path}.age`),
  );
  expect(outcome).toMatchObject({ done: [{ path: "one" }], left: [{ path: "two" }], untried: 1 });
  expect(() => refuseWhatIsLeft(outcome)).toThrow("2 of 3 files were left as they were");
});

test("a mistake of ours is not taken for a refusal", async () => {
  await expect(convertEach(batch, () => Promise.reject(new TypeError("ours")))).rejects.toThrow("ours");
});

test("the exit code says whether any of them is done", async () => {
  const failing = (path: string) => (job: { path: string }) =>
    job.path.startsWith(path) ? Promise.reject(new WorkstationRefusal("file-changed")) : Promise.resolve("");
  const [some, none] = [await convertEach(batch, failing("t")), await convertEach(batch, failing(""))];
  expect(() => refuseWhatIsLeft(some)).toThrow(expect.objectContaining({ exitCode: 5 }));
  expect(() => refuseWhatIsLeft(none)).toThrow(expect.objectContaining({ exitCode: 1 }));
});
