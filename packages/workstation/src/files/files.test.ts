import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { chmod, chown, mkdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { armor, Decrypter, Encrypter, generateX25519Identity } from "age-encryption";
import { expect, test } from "vitest";

import type { Progress } from "./disk.ts";
import { decryptFile, encryptFile } from "./files.ts";
import { asOrdinaryUser, identity, keys, lock, namesIn, newFolder, recipient } from "./testing/scratch.ts";

const plain = Buffer.alloc(3_000_000, "Wind 270 at 15 knots. ");
const other = await generateX25519Identity();

/** A folder with one file in it. */
async function newFile(
  name = "report.pdf",
  content: Uint8Array = plain,
): Promise<{ folder: string; path: string }> {
  const folder = await newFolder();
  const path = join(folder, name);
  await writeFile(path, content);
  return { folder, path };
}

async function newEncrypted(content: Uint8Array = plain): Promise<{ folder: string; path: string }> {
  const { folder, path } = await newFile("report.pdf", content);
  return { folder, path: await encryptFile(path, { lock }) };
}

test("an encrypted file stands beside where the original was, and opens in any age program", async () => {
  const { folder, path } = await newFile();
  expect(await encryptFile(path, { lock, proof: [other, identity] })).toBe(`${path}.age`);
  expect(await namesIn(folder)).toEqual(["report.pdf.age"]);
  const library = new Decrypter();
  library.addIdentity(identity);
  expect(plain.equals(await library.decrypt(await readFile(`${path}.age`)))).toBe(true);
});

test("a decrypted file is as it was, with its rights", async () => {
  for (const mode of [0o640, 0o600, 0o755, 0o444]) {
    const { folder, path } = await newFile();
    await chmod(path, mode);
    await encryptFile(path, { lock });
    expect((await stat(`${path}.age`)).mode & 0o777).toBe(mode);
    expect(await decryptFile(`${path}.age`, { keys })).toBe(path);
    expect(await namesIn(folder)).toEqual(["report.pdf"]);
    expect(plain.equals(await readFile(path))).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(mode);
  }
});

test("while a file is being written nobody else can read it", async () => {
  const { folder, path } = await newFile();
  await chmod(path, 0o644);
  const modes: number[] = [];
  const onProgress = (): void => {
    const names = spawnSync("ls", [folder], { encoding: "utf8" }).stdout.split("\n");
    for (const name of names)
      if (name.includes(".tmp-")) modes.push(statSync(join(folder, name)).mode & 0o777);
  };
  await encryptFile(path, { lock, onProgress });
  expect(new Set(modes)).toEqual(new Set([0o600]));
});

test("the original stays where it is to be kept", async () => {
  const { folder, path } = await newFile();
  await encryptFile(path, { lock, shouldKeepOriginal: true });
  expect(await namesIn(folder)).toEqual(["report.pdf", "report.pdf.age"]);
  const target = join(folder, "copy.pdf");
  await decryptFile(`${path}.age`, { keys, target, shouldKeepOriginal: true });
  expect(await namesIn(folder)).toEqual(["copy.pdf", "report.pdf", "report.pdf.age"]);
  expect(plain.equals(await readFile(target))).toBe(true);
});

test.each([
  "two words.txt",
  "two\nlines.txt",
  "Übersicht – Élodie.txt",
  "日本語",
  "-rf",
  ".hidden",
  "a'b\"c$d`e\\f",
  " ",
])("a file may be called %j", async (name) => {
  const { folder, path } = await newFile(name, Buffer.from("weather"));
  await encryptFile(path, { lock });
  expect(await namesIn(folder)).toEqual([`${name}.age`]);
  await decryptFile(`${path}.age`, { keys });
  expect(await namesIn(folder)).toEqual([name]);
  expect(await readFile(path, "utf8")).toBe("weather");
});

test("a file for outsiders opens with its passphrase, and the wrong one changes nothing", async () => {
  const { folder, path } = await newFile();
  await encryptFile(path, { lock: { passphrase: "fair wind" } });
  const wrong = { keys: { identities: [identity], passphrase: "head wind" } };
  await expect(decryptFile(`${path}.age`, wrong)).rejects.toMatchObject({ code: "passphrase-wrong" });
  expect(await namesIn(folder)).toEqual(["report.pdf.age"]);
  await decryptFile(`${path}.age`, { keys: { identities: [], passphrase: "fair wind" } });
  expect(plain.equals(await readFile(path))).toBe(true);
});

test("a file in armour opens as well", async () => {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const text = armor.encode(await encrypter.encrypt(plain));
  const { path } = await newFile("report.pdf.age", Buffer.from(`\n${text.replaceAll("\n", "\r\n")}\n`));
  expect(plain.equals(await readFile(await decryptFile(path, { keys })))).toBe(true);
});

test("progress grows to the size of the file", async () => {
  for (const content of [plain, Buffer.alloc(1), Buffer.alloc(0)]) {
    const { path } = await newFile("report.pdf", content);
    const seen: Progress[] = [];
    await encryptFile(path, { lock, onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ doneBytes }) => doneBytes)).toEqual(
      seen.map(({ doneBytes }) => doneBytes).sort((a, b) => a - b),
    );
    expect(seen.at(-1)).toEqual({ doneBytes: content.length, totalBytes: content.length });
    const sizeBytes = (await stat(`${path}.age`)).size;
    await decryptFile(`${path}.age`, { keys, onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ doneBytes: sizeBytes, totalBytes: sizeBytes });
  }
});

test("an existing file is never overwritten, also when it appears while the new one is written", async () => {
  const early = await newFile();
  await writeFile(`${early.path}.age`, "somebody else's");
  const late = await newFile();
  const onProgress = (): void => writeFileSync(`${late.path}.age`, "somebody else's");
  for (const [{ folder, path }, watch] of [
    [early, {}],
    [late, { onProgress }],
  ] as const) {
    await expect(encryptFile(path, { lock, ...watch })).rejects.toMatchObject({
      code: "file-exists",
      detail: `${path}.age`,
    });
    expect(await namesIn(folder)).toEqual(["report.pdf", "report.pdf.age"]);
    expect(await readFile(`${path}.age`, "utf8")).toBe("somebody else's");
    expect(plain.equals(await readFile(path))).toBe(true);
  }
});

test.each<[string, (path: string) => void]>([
  ["grows", (path) => appendFileSync(path, "and more")],
  [
    "is written again with the same size",
    (path) => {
      writeFileSync(path, Buffer.alloc(plain.length));
      utimesSync(path, 1, 1);
    },
  ],
  [
    "is replaced by another",
    (path) => {
      const { atime, mtime } = statSync(path);
      writeFileSync(`${path}.new`, Buffer.alloc(plain.length));
      utimesSync(`${path}.new`, atime, mtime);
      renameSync(`${path}.new`, path);
    },
  ],
])("a file that %s while it is being encrypted stays, and is not encrypted", async (_, change) => {
  const { folder, path } = await newFile();
  let isChanged = false;
  const onProgress = (): void => {
    if (!isChanged) change(path);
    isChanged = true;
  };
  await expect(encryptFile(path, { lock, onProgress })).rejects.toMatchObject({
    code: "file-changed",
    detail: path,
  });
  expect(await namesIn(folder)).toEqual(["report.pdf"]);
});

test("who stops the work keeps the original, and nothing else is left", async () => {
  const { folder, path } = await newFile();
  const stop = new AbortController();
  const reason = new Error("enough");
  const onProgress = (): void => stop.abort(reason);
  await expect(encryptFile(path, { lock, onProgress, signal: stop.signal })).rejects.toBe(reason);
  await expect(encryptFile(path, { lock, signal: stop.signal })).rejects.toBe(reason);
  expect(await namesIn(folder)).toEqual(["report.pdf"]);
});

test("only plain files are taken: no folder, no link, no pipe, and nothing that is not there", async () => {
  const { folder, path } = await newFile();
  await mkdir(join(folder, "folder"));
  await symlink(path, join(folder, "link"));
  spawnSync("mkfifo", [join(folder, "pipe")]);
  const before = await namesIn(folder);
  for (const name of ["folder", "link", "pipe"]) {
    await expect(encryptFile(join(folder, name), { lock })).rejects.toMatchObject({ code: "not-a-file" });
  }
  for (const name of ["nothing", "report.pdf/below"]) {
    await expect(encryptFile(join(folder, name), { lock })).rejects.toMatchObject({ code: "file-missing" });
  }
  expect(await namesIn(folder)).toEqual(before);
});

test("a name without room for another ending is refused", async () => {
  const { folder, path } = await newFile("n".repeat(250));
  await expect(encryptFile(path, { lock })).rejects.toMatchObject({ code: "name-too-long" });
  expect(await namesIn(folder)).toEqual(["n".repeat(250)]);
});

test("what may not be read or written is refused with its reason", async () => {
  const { folder, path } = await newFile();
  await chmod(path, 0o000);
  await asOrdinaryUser(async () => {
    await expect(encryptFile(path, { lock })).rejects.toMatchObject({
      code: "file-not-readable",
      detail: path,
    });
  });
  await chmod(path, 0o644);
  await chmod(folder, 0o555);
  await asOrdinaryUser(async () => {
    await expect(encryptFile(path, { lock })).rejects.toMatchObject({ code: "folder-not-writable" });
  });
  await chmod(folder, 0o755);
  expect(await namesIn(folder)).toEqual(["report.pdf"]);
});

test("where the original may not be removed, the new file is taken back", async () => {
  const { folder, path } = await newFile();
  // In a folder like /tmp everybody may add files, and remove only their own.
  await chmod(folder, 0o1777);
  if (process.geteuid?.() === 0) await chown(path, 0, 0);
  const outcome = await asOrdinaryUser(() => encryptFile(path, { lock }).catch((error: unknown) => error));
  if (process.geteuid?.() === 0) {
    expect(outcome).toMatchObject({ code: "folder-not-writable", detail: path });
    expect(await namesIn(folder)).toEqual(["report.pdf"]);
  }
});

test("a file that our own keys would not open keeps its original", async () => {
  const { folder, path } = await newFile();
  await expect(encryptFile(path, { lock, proof: [other] })).rejects.toMatchObject({
    code: "key-missing",
    detail: `${path}.age`,
  });
  await expect(encryptFile(path, { lock: { recipients: [] } })).rejects.toThrow(RangeError);
  expect(await namesIn(folder)).toEqual(["report.pdf"]);
});

test.each([
  ["head", 30],
  ["first chunk", 5000],
])("a file whose %s is not on the disk as it was written keeps its original", async (_, position) => {
  const { folder, path } = await newFile();
  // By the time the whole file is read, its first block is written.
  const onProgress = ({ doneBytes, totalBytes }: Progress): void => {
    const name = readdirSync(folder).find((found) => found.includes(".tmp-"));
    if (doneBytes < totalBytes || name === undefined) return;
    const file = openSync(join(folder, name), "r+");
    writeSync(file, Buffer.alloc(1), 0, 1, position);
    closeSync(file);
  };
  await expect(encryptFile(path, { lock, onProgress })).rejects.toMatchObject({
    code: "file-damaged",
    detail: `${path}.age: as written`,
  });
  expect(await namesIn(folder)).toEqual(["report.pdf"]);
});

test("a file that does not open stays, and nothing is beside it", async () => {
  const { folder, path } = await newEncrypted();
  await expect(decryptFile(path, { keys: { identities: [other] } })).rejects.toMatchObject({
    code: "key-missing",
    detail: path,
  });
  const sealed = await readFile(path);
  sealed[2_900_000] = (sealed[2_900_000] ?? 0) ^ 1;
  await writeFile(path, sealed);
  await expect(decryptFile(path, { keys })).rejects.toMatchObject({
    code: "file-damaged",
    detail: `${path}: chunk 45`,
  });
  await writeFile(path, sealed.subarray(0, 100));
  await expect(decryptFile(path, { keys })).rejects.toMatchObject({
    code: "file-damaged",
    detail: `${path}: header`,
  });
  await writeFile(path, "weather");
  await expect(decryptFile(path, { keys })).rejects.toMatchObject({ code: "not-encrypted", detail: path });
  expect(await namesIn(folder)).toEqual(["report.pdf.age"]);
});

test("only a name that ends in .age says what the decrypted file is called", async () => {
  for (const name of ["report.pdf", ".age"]) {
    const { path } = await newFile(name);
    await expect(decryptFile(path, { keys })).rejects.toMatchObject({ code: "not-encrypted", detail: path });
  }
});

test("a hundred files of one folder are encrypted at once", async () => {
  const folder = await newFolder();
  const paths = Array.from({ length: 100 }, (_, number) => join(folder, `${number}.txt`));
  await Promise.all(paths.map((path) => writeFile(path, path)));
  await Promise.all(paths.map((path) => encryptFile(path, { lock })));
  expect(await namesIn(folder)).toEqual(paths.map((path) => `${path.slice(folder.length + 1)}.age`).sort());
  await rm(folder, { recursive: true });
});
