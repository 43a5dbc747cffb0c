// A large file encrypted and decrypted as the client does it, beside Debian's `age` on the same file, and beside the bare
// cipher of node:crypto on as many bytes. In memory where there is a file system in memory: no disk is measured.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { randomBytes } from "node:crypto";

import { newBoxKey, type BoxKey } from "@lockstep/keyfile";
import { decryptFile, encryptFile } from "@lockstep/workstation";

import { parseDone, type Done } from "./crypt.ts";
import { milliseconds, note, percent, seconds, type Finding } from "./findings.ts";
import type { Setting } from "./http.ts";
import { inTurns, median, middleOf, timed, type Round } from "./measure.ts";

const mebibyte = 1024 * 1024;
const largeMebibytes = 1024;
const smallMebibytes = 256;
const rounds = 5;
const roundsOfKeys = 20;
const promisedOfAge = 1;
const promisedOfCipher = 0.85;
/** What a file four times as large may need more: when memory is tidied up is not the same each time. */
const promisedMemory = 1.25;
/** Versions of keys that somebody holds after years; with which one a file opens is found out by trying. */
const heldKeys = 50;
const promisedOfKeys = 100;

const crypt = fileURLToPath(new URL("crypt.ts", import.meta.url));
const memory = "/dev/shm";

async function run(program: string, parameters: readonly string[]): Promise<string> {
  const child = spawn(program, parameters, { stdio: ["ignore", "pipe", "inherit"] });
  const [out] = await Promise.all([text(child.stdout), once(child, "exit")]);
  if (child.exitCode !== 0) throw new Error(`${program} failed`);
  return out;
}

const ours = async (...parameters: string[]): Promise<Done> =>
  parseDone(await run(process.execPath, [crypt, ...parameters]));

async function makeFile(path: string, mebibytes: number): Promise<void> {
  const handle = await open(path, "w");
  for (let written = 0; written < mebibytes; written++) await handle.write(randomBytes(mebibyte));
  await handle.close();
}

interface Files {
  readonly large: string;
  readonly small: string;
  readonly key: BoxKey;
  readonly keyFile: string;
}

interface Direction {
  readonly word: "encryption" | "decryption";
  /** How the client does it, and how the bare cipher. */
  readonly ways: readonly [client: string, cipher: string];
  /** What is read, and what the client writes. */
  readonly from: (path: string) => string;
  readonly to: (path: string) => string;
  readonly key: (key: BoxKey) => string;
  readonly age: (files: Files) => readonly string[];
}

const sealed = (path: string) => `${path}.age`;
const byAge = (path: string) => `${path}.by-age`;

const directions: readonly Direction[] = [
  {
    word: "encryption",
    ways: ["encrypt", "seal-in-memory"],
    from: (path) => path,
    to: sealed,
    key: ({ recipient }) => recipient,
    age: ({ large, key }) => ["-r", key.recipient, "-o", byAge(large), large],
  },
  {
    word: "decryption",
    ways: ["decrypt", "open-in-memory"],
    from: sealed,
    to: (path) => `${sealed(path)}.plain`,
    key: ({ identity }) => identity,
    age: ({ large, keyFile }) => ["-d", "-i", keyFile, "-o", byAge(large), sealed(large)],
  },
];

interface Measured {
  readonly age: Round;
  readonly cipher: Round;
  readonly memory: Round;
}

async function measureRound(files: Files, { ways, from, to, key, age }: Direction): Promise<Measured> {
  const client = async (path: string) => {
    await rm(to(path), { force: true });
    return ours(ways[0], from(path), key(files.key));
  };
  const small = await client(files.small);
  const large = await client(files.large);
  const cipher = await ours(ways[1], files.large);
  const program = await timed(() => run("age", age(files)));
  await rm(byAge(files.large));
  return {
    age: { ours: large.milliseconds, raw: program },
    cipher: { ours: large.milliseconds, raw: cipher.milliseconds },
    memory: { ours: large.peakKibibytes, raw: small.peakKibibytes },
  };
}

const asMemory = (kibibytes: number) => `${(kibibytes / 1024).toFixed(0)} MiB`;

function findingsOf({ word }: Direction, measured: readonly Measured[]): Finding[] {
  const pace = (pick: (each: Measured) => Round) =>
    middleOf(measured.map(pick), (each) => each.raw / each.ours);
  const [age, cipher] = [pace((each) => each.age), pace((each) => each.cipher)];
  const used = middleOf(
    measured.map((each) => each.memory),
    (each) => each.ours / each.raw,
  );
  const file = `${word} of a file of 1 GiB`;
  return [
    {
      what: `${file}, against Debian's age`,
      ours: seconds(age.ours),
      raw: `${seconds(age.raw)} (age)`,
      ratio: `${percent(age.ratio)} of the pace`,
      promise: `≥ ${percent(promisedOfAge)}`,
      kept: age.ratio >= promisedOfAge,
    },
    {
      what: `${file}, with reading and writing, against ChaCha20-Poly1305 of node:crypto in memory`,
      ours: seconds(cipher.ours),
      raw: `${seconds(cipher.raw)} (cipher)`,
      ratio: `${percent(cipher.ratio)} of the pace`,
      promise: `≥ ${percent(promisedOfCipher)}`,
      kept: cipher.ratio >= promisedOfCipher,
    },
    {
      what: `the memory of the process at most, against that for a file of ${smallMebibytes} MiB`,
      ours: asMemory(used.ours),
      raw: `${asMemory(used.raw)} (Lockstep, smaller)`,
      ratio: `${used.ratio.toFixed(2)} ×`,
      promise: `constant (≤ ${promisedMemory} ×)`,
      kept: used.ratio <= promisedMemory,
    },
  ];
}

async function measureDirection(files: Files, direction: Direction): Promise<Finding[]> {
  const measured: Measured[] = [];
  for (let round = 0; round <= rounds; round++) {
    const each = await measureRound(files, direction);
    // The first round warms up: memory that was never written to takes longer.
    if (round > 0) measured.push(each);
    note(
      `  ${direction.word} ${seconds(each.age.ours)}, age ${seconds(each.age.raw)}, cipher ${seconds(each.cipher.raw)}`,
    );
  }
  return findingsOf(direction, measured);
}

/** A file so small that finding the key is all the work. */
async function measureKeys(place: string): Promise<Finding> {
  const keys = await Promise.all(Array.from({ length: heldKeys }, () => newBoxKey("classic")));
  const identities = keys.map(({ identity }) => identity);
  const file = join(place, "note");
  const target = `${file}.plain`;
  await writeFile(file, "weather");
  const recipients = keys.slice(-1).map(({ recipient }) => recipient);
  await encryptFile(file, { lock: { recipients }, shouldKeepOriginal: true });
  const openWith = (those: readonly string[]) => async () => {
    await rm(target, { force: true });
    await decryptFile(sealed(file), { keys: { identities: those }, target, shouldKeepOriginal: true });
  };
  const works = { all: openWith(identities), one: openWith(identities.slice(-1)) };
  const { all, one } = await inTurns(works, { rounds: roundsOfKeys });
  return {
    what: `a file opened with the last one of ${heldKeys} keys that are tried, against one key`,
    ours: milliseconds(median(all)),
    raw: `${milliseconds(median(one))} (Lockstep, one key)`,
    ratio: `${(median(all) / median(one)).toFixed(1)} ×`,
    promise: `≤ ${milliseconds(promisedOfKeys)}`,
    kept: median(all) <= promisedOfKeys,
  };
}

export async function measureFiles({ folder }: Pick<Setting, "folder">): Promise<Finding[]> {
  const isInMemory = await access(memory).then(
    () => true,
    () => false,
  );
  const place = await mkdtemp(join(isInMemory ? memory : folder, "lockstep-bench-"));
  try {
    const key = await newBoxKey("classic");
    const files: Files = {
      large: join(place, "large"),
      small: join(place, "small"),
      key,
      keyFile: join(place, "key"),
    };
    await writeFile(files.keyFile, `${key.identity}\n`);
    await makeFile(files.large, largeMebibytes);
    await makeFile(files.small, smallMebibytes);
    const findings: Finding[] = [await measureKeys(place)];
    for (const direction of directions) findings.push(...(await measureDirection(files, direction)));
    return findings;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
