// The key store: what only opens with the user's password. The keys that Key-Files are sealed to, and those that they
// brought. It is sealed under Argon2id and written anew as a whole.

import { argon2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

import type { HeldKey } from "@lockstep/keyfile";
import { z } from "zod";

import { openUnder, sealUnder } from "./seal.ts";

const boxKey = z.strictObject({ identity: z.string(), recipient: z.string() });

/** A box key that was announced last, and the one before it until something has come under the newer one. */
export const boxKeys = z.strictObject({ current: boxKey, previous: boxKey.nullable() });
export type BoxKeys = Readonly<z.output<typeof boxKeys>>;

const heldKey = z.strictObject({
  key: z.string(),
  kv: z.int(),
  use: z.enum(["encrypt", "decrypt"]),
  id: z.string(),
}) satisfies z.ZodType<HeldKey>;

const keyStore = z.strictObject({
  boxes: boxKeys,
  keys: z.array(heldKey),
  ownKeys: z.array(heldKey),
});
export type KeyStore = Readonly<z.output<typeof keyStore>>;

const most = 2 ** 20;
const derivation = z.strictObject({
  memory: z.int().min(8).max(most).describe("Kibibytes."),
  passes: z.int().min(1).max(64),
  parallelism: z.int().min(1).max(16),
  salt: z.base64url(),
});

export const sealedKeys = z.strictObject({ argon2id: derivation, sealed: z.string() });
/** The key store as it lies on the disk. */
export type SealedKeys = Readonly<z.output<typeof sealedKeys>>;

/** A key store that is open, and the key that it is sealed under. */
export interface OpenKeys {
  readonly store: KeyStore;
  readonly key: Uint8Array;
  readonly argon2id: SealedKeys["argon2id"];
}

// RFC 9106 §4, the second recommended option: more than the minimum of OWASP's Password Storage Cheat Sheet.
const present = { memory: 65_536, passes: 3, parallelism: 4 } as const;
const computed = promisify(argon2);

async function derived(password: string, { salt, ...costs }: SealedKeys["argon2id"]): Promise<Uint8Array> {
  // NIST SP 800-63B §5.1.1.2: however a keyboard puts a letter together, it is the same letter.
  const message = Buffer.from(password.normalize("NFKC"), "utf8");
  const nonce = Buffer.from(salt, "base64url");
  return new Uint8Array(await computed("argon2id", { message, nonce, tagLength: 32, ...costs }));
}

/** A key store that opens with this password from now on. */
export async function keysUnder(password: string, store: KeyStore): Promise<OpenKeys> {
  const argon2id = { ...present, salt: randomBytes(16).toString("base64url") };
  return { store, argon2id, key: await derived(password, argon2id) };
}

/** For the disk. */
export async function sealKeys({ store, key, argon2id }: OpenKeys): Promise<SealedKeys> {
  return { argon2id, sealed: await sealUnder(key, store) };
}

/** The key store, opened with a key that was kept; null when it is sealed under another one by now. */
export async function openKeysWith(
  key: Uint8Array,
  { argon2id, sealed }: SealedKeys,
): Promise<OpenKeys | null> {
  const store = keyStore.safeParse(await openUnder(key, sealed));
  return store.success ? { store: store.data, key, argon2id } : null;
}

/** The key store, opened with a password; null when it is the wrong one. */
export async function openKeys(password: string, sealed: SealedKeys): Promise<OpenKeys | null> {
  return openKeysWith(await derived(password, sealed.argon2id), sealed);
}

/** How long a password is: in characters, as whoever types it counts them. */
export function lengthOf(password: string): number {
  return Array.from(password.normalize("NFKC")).length;
}
