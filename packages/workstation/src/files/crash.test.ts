import { spawnSync } from "node:child_process";
import { existsSync, statfsSync } from "node:fs";
import { open, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { decryptFile, encryptFile } from "./files.ts";
import { eachFile } from "./folder.ts";
import { runChild } from "./testing/run-child.ts";
import { keys, lock, namesIn, newFolder } from "./testing/scratch.ts";

const plain = Buffer.alloc(1_500_000, "Wind 270 at 15 knots. ");

async function newOriginal(verb: "encrypt" | "decrypt"): Promise<{ folder: string; path: string }> {
  const folder = await newFolder();
  const path = join(folder, "report.pdf");
  await writeFile(path, plain);
  return { folder, path: verb === "encrypt" ? path : await encryptFile(path, { lock }) };
}

test("the original goes only after the new file, its name and its folder are durable", async () => {
  const { folder, path } = await newOriginal("encrypt");
  const { outcome, calls } = await runChild("encrypt", path);
  expect(outcome).toBe("done");
  const name = folder.split("/").at(-1) ?? "";
  const order = calls.filter((call) => !/^(read|readdir|write)\b/.test(call));
  expect(order).toEqual([
    "open report.pdf",
    "open report.pdf.age.tmp wx+",
    "chmod",
    "sync",
    "link report.pdf.age.tmp report.pdf.age",
    "unlink report.pdf.age.tmp",
    `open ${name}`,
    "sync",
    "unlink report.pdf",
    `open ${name}`,
    "sync",
  ]);
});

test.each(["encrypt", "decrypt"] as const)(
  "%s: whoever is killed at any call to the disk leaves the original or a whole new file, and the next run cleans up",
  async (verb) => {
    const rehearsal = await newOriginal(verb);
    const { calls } = await runChild(verb, rehearsal.path);
    const whole = (path: string): Promise<boolean> => readFile(path).then((bytes) => bytes.equals(plain));
    for (let killAt = 1; killAt <= calls.length; killAt += 1) {
      const { folder, path } = await newOriginal(verb);
      const before = await readFile(path);
      const { outcome, calls: made } = await runChild(verb, path, { killAt });
      expect(outcome, `call ${killAt}`).toBeNull();
      const hint = `killed before ${made.at(-1) ?? "the first call"}`;
      const target = verb === "encrypt" ? `${path}.age` : path.slice(0, -".age".length);
      expect(existsSync(path) || existsSync(target), hint).toBe(true);
      if (existsSync(path)) expect((await readFile(path)).equals(before), hint).toBe(true);
      for await (const file of eachFile(folder, verb)) expect("refusal" in file, hint).toBe(false);
      const left = [path, target].filter(existsSync).map((file) => file.slice(folder.length + 1));
      expect(await namesIn(folder), hint).toEqual(left.sort());
      if (!existsSync(target)) continue;
      if (verb === "decrypt") expect(await whole(target), hint).toBe(true);
      else
        expect(await whole(await decryptFile(target, { keys, target: join(folder, "opened") })), hint).toBe(
          true,
        );
    }
  },
);

async function expectFull(folder: string, work: Promise<unknown>): Promise<void> {
  await expect(work).rejects.toMatchObject({ code: "disk-full" });
  expect(await namesIn(folder)).toEqual(["report.pdf"]);
  expect((await readFile(join(folder, "report.pdf"))).equals(plain)).toBe(true);
}

/** A disk of its own, for who may mount one. */
function mountSmallDisk(folder: string): boolean {
  const isMounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", folder]).status === 0;
  if (isMounted) onTestFinished(() => void spawnSync("umount", [folder]));
  return isMounted;
}

test("a full disk leaves the original alone", async ({ skip }) => {
  const folder = await newFolder();
  if (!mountSmallDisk(folder)) return skip("only the superuser may mount a small disk");
  const path = join(folder, "report.pdf");
  await writeFile(path, plain);
  await expectFull(folder, encryptFile(path, { lock }));
  expect(statfsSync(folder).bavail * statfsSync(folder).bsize).toBeGreaterThan(400_000);
});

test("a limit on the size of files leaves the original alone", async () => {
  const { folder, path } = await newOriginal("encrypt");
  const { outcome } = await runChild("encrypt", path, { limitKiB: 1024 });
  expect(outcome).toBe("disk-full");
  expect(await namesIn(folder)).toEqual(["report.pdf"]);
});

test("a gibibyte is encrypted and decrypted in the memory that a small file takes", async () => {
  const folder = await newFolder();
  const path = join(folder, "report.pdf");
  const gibibyte = 2 ** 30;
  const mark = Buffer.from("the last words");
  await writeFile(path, plain);
  await truncate(path, gibibyte);
  const handle = await open(path, "r+");
  await handle.write(mark, 0, mark.length, gibibyte - mark.length);
  await handle.close();
  const small = await newOriginal("encrypt");
  const { peakBytes: smallBytes } = await runChild("encrypt", small.path);
  for (const verb of ["encrypt", "decrypt"] as const) {
    const run = await runChild(verb, verb === "encrypt" ? path : `${path}.age`);
    expect(run.outcome).toBe("done");
    expect(run.peakBytes).toBeLessThan(smallBytes + 96 * 2 ** 20);
  }
  const result = await open(path);
  const end = await result.read(Buffer.alloc(mark.length), 0, mark.length, gibibyte - mark.length);
  const start = await result.read(Buffer.alloc(plain.length), 0, plain.length, 0);
  expect((await result.stat()).size).toBe(gibibyte);
  await result.close();
  expect(end.buffer.equals(mark) && start.buffer.equals(plain)).toBe(true);
});
