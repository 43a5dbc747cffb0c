import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";

import { armor, Decrypter } from "age-encryption";
import * as vectors from "cctv-age";
import { expect, test } from "vitest";

import { WorkstationRefusal } from "../refusal.ts";
import { decryptStream } from "../files/stream.ts";

// The vectors of C2SP's CCTV: what an age file of every kind of fault must come to, for every implementation alike.
const failures = ["no match", "HMAC failure", "header failure", "payload failure", "armor failure"] as const;
type Failure = (typeof failures)[number];

interface Vector {
  readonly expected: Failure | "success";
  readonly payloadHash: string | undefined;
  readonly isArmoured: boolean;
  readonly identities: readonly string[];
  readonly passphrases: readonly string[];
  readonly file: Buffer;
}

function parseVector(bytes: Buffer): Vector {
  const end = bytes.indexOf("\n\n");
  const lines = bytes.toString("utf8", 0, end).split("\n");
  const all = (key: string): string[] =>
    lines.filter((line) => line.startsWith(`${key}: `)).map((line) => line.slice(key.length + 2));
  const rest = bytes.subarray(end + 2);
  const expected = all("expect")[0];
  if (expected !== "success" && !failures.includes(expected as Failure)) throw new TypeError(expected);
  return {
    expected: expected as Failure | "success",
    payloadHash: all("payload")[0],
    isArmoured: all("armored")[0] === "yes",
    identities: all("identity"),
    passphrases: all("passphrase"),
    file: all("compressed")[0] === "zlib" ? inflateSync(rest) : rest,
  };
}

interface Verdict {
  readonly outcome: Failure | "success";
  /** SHA-256 of all that was given out, until the fault if there is one. */
  readonly payloadHash: string;
}

async function verdictOf(
  open: () => Promise<AsyncIterable<Uint8Array>>,
  failureOf: (error: unknown) => Failure,
): Promise<Verdict> {
  const hash = createHash("sha256");
  let outcome: Verdict["outcome"] = "success";
  try {
    for await (const bytes of await open()) hash.update(bytes);
  } catch (error) {
    outcome = failureOf(error);
  }
  return { outcome, payloadHash: hash.digest("hex") };
}

const withoutKey = ["key-missing", "passphrase-wrong", "passphrase-needed"];

function ourFailure(error: unknown, { isArmoured, expected }: Vector): Failure {
  if (!(error instanceof WorkstationRefusal)) throw error;
  if (withoutKey.includes(error.code)) return "no match";
  // What begins with neither armour nor a header is no age file, whichever of the two it was meant to be.
  if (error.code === "not-encrypted") {
    return isArmoured && expected === "armor failure" ? "armor failure" : "header failure";
  }
  expect(error.code).toBe("file-damaged");
  if (error.detail === "armour") return "armor failure";
  if (error.detail !== "header") return "payload failure";
  return String(error.cause).includes("HMAC") ? "HMAC failure" : "header failure";
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function ourVerdict(vector: Vector, pieceBytes: number): Promise<Verdict> {
  const [passphrase] = vector.passphrases;
  const keys = { identities: vector.identities, ...(passphrase === undefined ? {} : { passphrase }) };
  return verdictOf(
    () => Promise.resolve(decryptStream(pieces(vector.file, pieceBytes), keys)),
    (error) => ourFailure(error, vector),
  );
}

/** The library has no codes, so what it was doing tells what was wrong. */
async function libraryVerdict(vector: Vector): Promise<Verdict> {
  let stage: Failure = "armor failure";
  return verdictOf(
    async () => {
      const file = vector.isArmoured ? armor.decode(vector.file.toString("utf8")) : vector.file;
      stage = "header failure";
      const decrypter = new Decrypter();
      for (const identity of vector.identities) decrypter.addIdentity(identity);
      for (const passphrase of vector.passphrases) decrypter.addPassphrase(passphrase);
      const stream = await decrypter.decrypt(new Blob([Uint8Array.from(file)]).stream());
      stage = "payload failure";
      return stream;
    },
    (error) => {
      if (String(error).includes("no identity matched")) return "no match";
      // It compares MACs of every length, so it does not tell a malformed one from a wrong one.
      return String(error).includes("HMAC") && vector.expected !== "header failure" ? "HMAC failure" : stage;
    },
  );
}

const all = Object.entries(vectors as Record<string, Uint8Array>)
  .filter(([, bytes]) => bytes instanceof Uint8Array)
  .map(([name, bytes]) => ({ name, vector: parseVector(Buffer.from(bytes)) }));

test("the published vectors are all there", () => {
  expect(all.length).toBe(143);
});

test.each(all)(
  "the vector $name gives the published verdict, here and in the library",
  async ({ vector }) => {
    const published = {
      outcome: vector.expected,
      ...(vector.payloadHash && { payloadHash: vector.payloadHash }),
    };
    expect(await ourVerdict(vector, vector.file.length || 1)).toMatchObject(published);
    expect((await libraryVerdict(vector)).outcome).toBe(vector.expected);
  },
);

test.each(all.filter(({ vector }) => vector.passphrases.length === 0 && vector.file.length < 200_000))(
  "the vector $name gives it also when the file comes in small pieces",
  async ({ vector }) => {
    const whole = await ourVerdict(vector, vector.file.length || 1);
    expect(await ourVerdict(vector, 7)).toEqual(whole);
    expect(await ourVerdict(vector, 4099)).toEqual(whole);
  },
);
