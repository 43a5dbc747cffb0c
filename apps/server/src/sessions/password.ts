// Passwords: Argon2id with the parameters that OWASP's Password Storage Cheat Sheet recommends, kept in PHC string
// format so that they can be raised later. Each hash takes 19 MiB, so only so many are computed at once.

import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";

import { Refusal } from "../refusal.ts";

const computed = promisify(argon2);

interface Parameters {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** Of every password that is hashed now. */
export const present: Parameters = { memory: 19_456, passes: 2, parallelism: 1 };
const phc =
  /^\$argon2id\$v=19\$m=(?<memory>\d+),t=(?<passes>\d+),p=(?<parallelism>\d+)\$(?<salt>[\w+/-]+)\$(?<tag>[\w+/-]+)$/;

const base64 = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");

/** Whoever comes while so many wait is turned away, before the waiting takes longer than anybody would. */
const mostWaiting = 100;
const waiting: (() => void)[] = [];
/** So many are computed at once. */
export const atOnce = Math.max(1, availableParallelism() - 1);
let free = atOnce;

/** @throws Refusal sign_in_busy. */
async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (free === 0) {
    if (waiting.length >= mostWaiting) throw new Refusal("sign_in_busy");
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else free -= 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }
}

async function tagOf(password: string, salt: Buffer, parameters: Parameters): Promise<Buffer> {
  const message = Buffer.from(password.normalize("NFKC"), "utf8");
  return inTurn(() => computed("argon2id", { message, nonce: salt, tagLength: 32, ...parameters }));
}

/** @throws Refusal sign_in_busy. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const { memory, passes, parallelism } = present;
  const tag = await tagOf(password, salt, present);
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

/** Takes as long, and answers no, for somebody who is unknown or has no password. */
const noHash = `$argon2id$v=19$m=${present.memory},t=${present.passes},p=1$${base64(randomBytes(16))}$${base64(randomBytes(32))}`;

/**
 * Whether the password is the one that was hashed.
 * @param hash null when there is none; the answer then takes as long as any other.
 * @throws Refusal sign_in_busy.
 */
export async function isPassword(password: string, hash: string | null): Promise<boolean> {
  const groups = phc.exec(hash ?? noHash)?.groups;
  if (groups === undefined) throw new TypeError("a stored password hash is not in the PHC string format");
  const number = (name: string) => Number(groups[name]);
  const parameters = {
    memory: number("memory"),
    passes: number("passes"),
    parallelism: number("parallelism"),
  };
  const tag = await tagOf(password, Buffer.from(groups["salt"] ?? "", "base64"), parameters);
  const expected = Buffer.from(groups["tag"] ?? "", "base64");
  return tag.length === expected.length && timingSafeEqual(tag, expected) && hash !== null;
}
