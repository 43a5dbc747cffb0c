import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";

import {
  Decrypter,
  Encrypter,
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from "age-encryption";
import { expect, test } from "vitest";

import type { WorkstationRefusalCode } from "../refusal.ts";
import type { Keys, Lock } from "./head.ts";
import { decryptStream, encryptStream } from "../files/stream.ts";

const identity = await generateX25519Identity();
const lock = { recipients: [await identityToRecipient(identity)] };
const keys = { identities: [identity] };

const chunk = 64 * 1024;
const sealedChunk = chunk + 16;
/** Version, one stanza in two lines, MAC; then the nonce. */
const headBytes = 22 + 54 + 44 + 48 + 16;

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

async function encrypted(plain: Uint8Array, to: Lock = lock): Promise<Buffer> {
  return collect(encryptStream(Readable.from([plain]), to));
}

async function decrypted(sealed: Uint8Array, held: Keys = keys): Promise<Buffer> {
  return collect(decryptStream(Readable.from([sealed]), held));
}

async function expectRefusal(
  sealed: Uint8Array,
  refusal: { code: WorkstationRefusalCode; detail?: string },
  held?: Keys,
): Promise<void> {
  await expect(decrypted(sealed, held)).rejects.toMatchObject(refusal);
}

const edges = [
  0,
  1,
  chunk - 1,
  chunk,
  chunk + 1,
  16 * chunk - 1,
  16 * chunk,
  16 * chunk + 1,
  48 * chunk,
  50 * chunk + 5,
];

test.each(edges)("what is encrypted from %i bytes opens again, here and in the library", async (size) => {
  const plain = randomBytes(size);
  const sealed = await encrypted(plain);
  expect(sealed.length).toBe(headBytes + size + 16 * Math.max(1, Math.ceil(size / chunk)));
  expect((await decrypted(sealed)).equals(plain)).toBe(true);
  const library = new Decrypter();
  library.addIdentity(identity);
  expect(Buffer.from(await library.decrypt(sealed)).equals(plain)).toBe(true);
});

test.each(edges)("what the library encrypts from %i bytes opens here", async (size) => {
  const plain = randomBytes(size);
  const library = new Encrypter();
  library.addRecipient(await identityToRecipient(identity));
  expect((await decrypted(await library.encrypt(plain))).equals(plain)).toBe(true);
});

test("it does not matter in which pieces the bytes arrive", async () => {
  const plain = randomBytes(3 * chunk + 100);
  const inPieces = (bytes: Buffer, size: number): Readable =>
    Readable.from(
      Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      ),
    );
  for (const size of [1013, chunk - 1, chunk, chunk + 1]) {
    const sealed = await collect(encryptStream(inPieces(plain, size), lock));
    expect((await collect(decryptStream(inPieces(sealed, size), keys))).equals(plain)).toBe(true);
  }
});

test("a file is opened with whichever of fifty keys fits", async () => {
  const others = await Promise.all(Array.from({ length: 49 }, () => generateX25519Identity()));
  const sealed = await encrypted(Buffer.from("weather"));
  const held = { identities: [...others, identity] };
  expect((await decrypted(sealed, held)).toString()).toBe("weather");
  await expectRefusal(sealed, { code: "key-missing" }, { identities: others });
});

test("a file for several recipients opens with a key of each, also with one that withstands quantum computers", async () => {
  const hybrid = await generateHybridIdentity();
  const sealed = await encrypted(Buffer.from("weather"), {
    recipients: [...lock.recipients, await identityToRecipient(hybrid)],
  });
  expect((await decrypted(sealed, { identities: [hybrid] })).toString()).toBe("weather");
  expect((await decrypted(sealed)).toString()).toBe("weather");
});

test("a file for outsiders opens with its passphrase only", async () => {
  const sealed = await encrypted(Buffer.from("weather"), { passphrase: "fair wind" });
  expect((await decrypted(sealed, { identities: [identity], passphrase: "fair wind" })).toString()).toBe(
    "weather",
  );
  const library = new Decrypter();
  library.addPassphrase("fair wind");
  expect(await library.decrypt(sealed, "text")).toBe("weather");
  await expectRefusal(sealed, { code: "passphrase-wrong" }, { identities: [], passphrase: "head wind" });
  await expectRefusal(sealed, { code: "passphrase-needed" });
});

test("nothing is encrypted for nobody, or for what is no key", async () => {
  await expect(encrypted(Buffer.from("weather"), { recipients: [] })).rejects.toThrow(RangeError);
  await expect(encrypted(Buffer.from("weather"), { recipients: ["age1nobody"] })).rejects.toThrow(RangeError);
});

test("a mistyped identity is not quoted in the error", async () => {
  const mistyped = `${identity.slice(0, -1)}${identity.endsWith("Q") ? "P" : "Q"}`;
  const error: unknown = await decrypted(await encrypted(Buffer.alloc(1)), { identities: [mistyped] }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RangeError);
  expect(String(error)).not.toContain(mistyped.slice(20, 40));
});

test("what is no age file is said to be none", async () => {
  for (const bytes of ["", "weather", "age-encryption.org/v2\n", "-----BEGIN"]) {
    await expectRefusal(Buffer.from(bytes), { code: "not-encrypted" });
  }
});

test("a header without end is given up after 128 KiB", async () => {
  const endless = function* (): Generator<Buffer> {
    yield Buffer.from("age-encryption.org/v1\n");
    for (let sent = 0; sent < 2 ** 20; sent += 64)
      yield Buffer.from(`-> X25519 ${"mist".repeat(11).slice(0, 42)}\nfog\n`);
    throw new Error("read too far");
  };
  await expect(collect(decryptStream(Readable.from(endless()), keys))).rejects.toMatchObject({
    code: "file-damaged",
    detail: "header",
  });
});

const whole = randomBytes(3 * chunk + 1000);
const sealedWhole = await encrypted(whole);

test.each([0, 1, 2, 3])("a file that was cut off at the beginning of chunk %i is damaged", async (chunks) => {
  const place = { code: "file-damaged", detail: `chunk ${Math.max(1, chunks)}` } as const;
  await expectRefusal(sealedWhole.subarray(0, headBytes + chunks * sealedChunk), place);
});

test("a file that was cut off anywhere is damaged", async () => {
  for (let length = 0; length < sealedWhole.length; length += length < 200 ? 1 : 4001) {
    await expect(decrypted(sealedWhole.subarray(0, length))).rejects.toMatchObject({
      code: length < 22 ? "not-encrypted" : "file-damaged",
    });
  }
});

function flipped(at: number): Buffer {
  const copy = Buffer.from(sealedWhole);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

test("one changed bit in the header never goes through", async () => {
  for (let at = 0; at < headBytes - 16; at += 1) {
    await expect(decrypted(flipped(at)), `byte ${at}`).rejects.toMatchObject({
      code: expect.stringMatching(/^(not-encrypted|file-damaged|key-missing)$/) as string,
    });
  }
});

test("one changed bit in the nonce, in any chunk or in the last tag is found where it is", async () => {
  await expectRefusal(flipped(headBytes - 1), { code: "file-damaged", detail: "chunk 1" });
  for (const number of [0, 1, 2, 3]) {
    const place = { code: "file-damaged", detail: `chunk ${number + 1}` } as const;
    await expectRefusal(flipped(headBytes + number * sealedChunk + 500), place);
  }
  await expectRefusal(flipped(sealedWhole.length - 1), { code: "file-damaged", detail: "chunk 4" });
});

test("chunks that were swapped, repeated or left out are found", async () => {
  const head = sealedWhole.subarray(0, headBytes);
  const [first, second, third, last] = [0, 1, 2, 3].map((number) =>
    sealedWhole.subarray(headBytes + number * sealedChunk, headBytes + (number + 1) * sealedChunk),
  ) as [Buffer, Buffer, Buffer, Buffer];
  for (const order of [
    [second, first, third, last],
    [first, first, second, third, last],
    [first, third, last],
    [first, second, third, last, last],
  ]) {
    await expectRefusal(Buffer.concat([head, ...order]), { code: "file-damaged" });
  }
});

test("bytes after the end are found, however many", async () => {
  for (const more of [1, 15, 16, 17, sealedChunk]) {
    await expectRefusal(Buffer.concat([sealedWhole, Buffer.alloc(more)]), { code: "file-damaged" });
  }
});

test("what was given out before the fault is authentic", async () => {
  const parts: Uint8Array[] = [];
  const damaged = flipped(headBytes + 2 * sealedChunk);
  await expect(
    (async () => {
      for await (const part of decryptStream(Readable.from([damaged]), keys)) parts.push(part);
    })(),
  ).rejects.toMatchObject({ code: "file-damaged" });
  expect(Buffer.concat(parts).equals(whole.subarray(0, 2 * chunk))).toBe(true);
});

test("who stops reading closes the stream that is read from", async () => {
  for (const make of [
    (source: Readable) => encryptStream(source, lock),
    (source: Readable) => decryptStream(source, keys),
  ]) {
    const source = Readable.from([sealedWhole, sealedWhole]);
    for await (const part of make(source)) if (part.length > 0) break;
    expect(source.destroyed).toBe(true);
  }
});
