// The file of the key-encryption key, with every version that is still needed.

import { createSecretKey, randomBytes, type KeyObject } from "node:crypto";

import { z } from "zod";

import { PrivateFile, type Secret } from "../private-file.ts";

/** 32 bytes in their only spelling: a second one would be a slip of the pen. */
function isKeyText(text: string): boolean {
  const bytes = Buffer.from(text, "base64url");
  return bytes.length === 32 && bytes.toString("base64url") === text;
}

const shape = z
  .strictObject({
    current: z.int().positive(),
    keys: z.record(z.string().regex(/^[1-9]\d{0,8}$/), z.string().refine(isKeyText)),
  })
  // So that no number is ever given to a second key.
  .refine(({ current, keys }) => Math.max(...Object.keys(keys).map(Number)) === current);

const secret: Secret<z.output<typeof shape>> = {
  name: "key-encryption key",
  shape,
  codes: { missing: "key-encryption-key-missing", invalid: "key-encryption-key-invalid" },
  hints: {
    missing: "put it back from its backup; without it the encryption keys in the database cannot be opened",
    exposed: "rotate the key-encryption key",
  },
};

const at = (file: string) => new PrivateFile(file, secret);

/** The file's versions in memory. */
export interface KeyRing {
  readonly current: number;
  readonly keys: ReadonlyMap<number, KeyObject>;
  /** Other than `markOf` the file as soon as the file is another one. */
  readonly mark: string;
}

/** @throws OperatorError `key-encryption-key-missing` or `key-encryption-key-invalid`. */
export function readKeyRing(file: string): KeyRing {
  const { written, mark } = at(file).read();
  const keys = Object.entries(written.keys).map(
    ([version, text]) => [Number(version), createSecretKey(text, "base64url")] as const,
  );
  return { current: written.current, keys: new Map(keys), mark };
}

/** @throws OperatorError as `readKeyRing`. */
export function markOf(file: string): string {
  return at(file).mark();
}

/** Makes the file with its first version, unless it is there already. */
export function makeKeyFile(file: string): void {
  at(file).make(() => ({ current: 1, keys: { 1: newKey() } }));
}

/** Adds a version, which is current from now on. When this returns, the disk has it. */
export function addKeyVersion(file: string): void {
  at(file).change((found) => {
    const current = found.current + 1;
    return { current, keys: { ...found.keys, [current]: newKey() } };
  });
}

export interface Dropping {
  readonly kept: readonly number[];
  /** Nothing is dropped when the file was changed after this moment. */
  readonly unchangedSince: Date;
}

/** Drops the former versions that are not kept. @returns those it dropped. */
export function dropKeyVersions(file: string, { kept, unchangedSince }: Dropping): number[] {
  const dropped: number[] = [];
  at(file).change((found, changedAt) => {
    if (changedAt > unchangedSince) return found;
    const isDropped = (version: number) => version !== found.current && !kept.includes(version);
    dropped.push(...Object.keys(found.keys).map(Number).filter(isDropped));
    if (dropped.length === 0) return found;
    const keys = Object.entries(found.keys).filter(([version]) => !isDropped(Number(version)));
    return { current: found.current, keys: Object.fromEntries(keys) };
  });
  return dropped;
}

function newKey(): string {
  return randomBytes(32).toString("base64url");
}
