import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, expect, test } from "vitest";

import { decryptStream, encryptStream } from "../files/stream.ts";

// Debian's age, which is another implementation than the library's.
const identity = await generateX25519Identity();
const recipient = await identityToRecipient(identity);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-age-"));
  await writeFile(join(folder, "identity"), `${identity}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Standard output, because age makes no file when there is nothing to write. */
async function runAge(...parameters: string[]): Promise<Buffer> {
  const child = spawn("age", parameters, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on("error", reject);
  child.on("close", resolve);
  const output = await buffer(child.stdout);
  expect(await promise).toBe(0);
  return output;
}

const edges = [0, 1, 65_535, 65_536, 65_537, 1_048_576, 5_000_000];

test.each(edges)("Debian's age opens what is encrypted here from %i bytes", async (size) => {
  const plain = randomBytes(size);
  const sealed = encryptStream(Readable.from([plain]), { recipients: [recipient] });
  await writeFile(join(folder, "ours.age"), sealed);
  expect((await runAge("--decrypt", "--identity", "identity", "ours.age")).equals(plain)).toBe(true);
});

test.each(edges.flatMap((size) => [[size, "plain"] as const, [size, "in armour"] as const]))(
  "what Debian's age encrypts from %i bytes, %s, opens here",
  async (size, form) => {
    const plain = randomBytes(size);
    await writeFile(join(folder, "theirs"), plain);
    const armour = form === "plain" ? [] : ["--armor"];
    const sealed = await runAge("--encrypt", ...armour, "--recipient", recipient, "theirs");
    const opened = await buffer(decryptStream(Readable.from([sealed]), { identities: [identity] }));
    expect(opened.equals(plain)).toBe(true);
  },
);

const gibibyte = 1024 ** 3;

/** A gibibyte of which no two chunks are alike, without being kept anywhere. */
function* large(): Generator<Buffer> {
  const block = randomBytes(1024 * 1024);
  for (let number = 0; number < gibibyte / block.length; number++) {
    block.writeUInt32BE(number);
    yield Buffer.from(block);
  }
}

/** Writes it as a file here, and gives the digest of what was written. */
async function writeLarge(name: string): Promise<string> {
  const hash = createHash("sha256");
  const hashed = function* () {
    for (const block of large()) {
      hash.update(block);
      yield block;
    }
  };
  await writeFile(join(folder, name), hashed());
  return hash.digest("hex");
}

async function digestOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest("hex");
}

test("a file of 1 GiB goes both ways between Debian's age and here", async () => {
  const digest = await writeLarge("plain");
  const ours = encryptStream(createReadStream(join(folder, "plain")), { recipients: [recipient] });
  await writeFile(join(folder, "ours.age"), ours);
  await runAge("--decrypt", "--identity", "identity", "--output", "opened", "ours.age");
  expect(await digestOf(createReadStream(join(folder, "opened")))).toBe(digest);
  await rm(join(folder, "opened"));
  await runAge("--encrypt", "--recipient", recipient, "--output", "theirs.age", "plain");
  const theirs = decryptStream(createReadStream(join(folder, "theirs.age")), { identities: [identity] });
  expect(await digestOf(theirs)).toBe(digest);
});
