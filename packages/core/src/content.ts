// What a workstation should hold, and its identity. Two equal contents have one id, so a reverted change
// finds the former content again and every status with it. Versions of Key-Files, times, secrets and the
// groups that keys came from are no part of it.

import type { ContentId, KeyId } from "./ids.ts";
import { parseId } from "./ids.ts";
import { policySettingCodes, type EffectiveValue, type PolicySetting, type PolicyValue } from "./policy.ts";

export const keyVersionUses = ["active", "decrypt-only", "retired"] as const;
export type KeyVersionUse = (typeof keyVersionUses)[number];

/** One version of an encryption key. Versions count from 1. */
export interface KeyVersion {
  readonly key: KeyId;
  readonly version: number;
  readonly use: KeyVersionUse;
}

export interface Content {
  readonly policy: Readonly<Partial<Record<PolicySetting, PolicyValue>>>;
  readonly keys: readonly KeyVersion[];
}

/** What a workstation holds at first, and what a user without a licence should hold. */
export const emptyContent: Content = { policy: {}, keys: [] };

/** What everybody in a team should hold: the effective policy and the keys of the groups it is given. */
export function teamContentOf<Origin>(
  policy: Readonly<Record<PolicySetting, EffectiveValue<Origin>>>,
  keys: readonly KeyVersion[],
): Content {
  const values = policySettingCodes.map((code) => [code, policy[code].value] as const);
  return { policy: Object.fromEntries(values), keys: heldKeys(keys) };
}

/** What a user should hold in addition to the team's content. */
export function ownContentOf(keys: readonly KeyVersion[]): Content {
  return { policy: {}, keys: heldKeys(keys) };
}

/** In one order, each version once, none that is retired: two groups may hold the same key. */
function heldKeys(keys: readonly KeyVersion[]): KeyVersion[] {
  const held = new Map<string, KeyVersion>();
  for (const { key, version, use } of keys) {
    if (use !== "retired") held.set(`${key} ${version}`, { key, version, use });
  }
  return [...held.values()].sort((a, b) =>
    a.key === b.key ? a.version - b.version : a.key < b.key ? -1 : 1,
  );
}

/**
 * Canonical JSON, RFC 8785: members sorted by UTF-16 code units, ECMAScript numbers and strings.
 * @throws TypeError for what I-JSON (RFC 7493) cannot carry: NaN, infinities, lone surrogates, undefined,
 *   functions.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value === "string" && value.isWellFormed()) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object") {
    const members = Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${canonicalJson(name)}:${canonicalJson(member)}`);
    return `{${members.join(",")}}`;
  }
  throw new TypeError(`no canonical JSON for ${typeof value}`);
}

/** SHA-256 of the UTF-8 bytes of a text as 64 lower-case hexadecimal digits: the platform's own. */
export type Sha256 = (text: string) => string;

export interface ContentIdentity {
  /** Goes on the wire and into signed Key-Files. */
  readonly fingerprint: string;
  /** The fingerprint's first 122 bits as a UUID version 8 (RFC 9562 §5.8). */
  readonly id: ContentId;
}

/** The name of whatever a workstation is given: a content, or a policy for when nobody is signed in. */
export function identityOf(
  content: { readonly policy: object; readonly keys: Content["keys"] },
  sha256: Sha256,
): ContentIdentity {
  const fingerprint = sha256(canonicalJson(content));
  const variant = "89ab".charAt(Number.parseInt(fingerprint.charAt(16), 16) & 3);
  const id = [
    fingerprint.slice(0, 8),
    fingerprint.slice(8, 12),
    `8${fingerprint.slice(13, 16)}`,
    `${variant}${fingerprint.slice(17, 20)}`,
    fingerprint.slice(20, 32),
  ].join("-");
  return { fingerprint, id: parseId<"content">(id) };
}

/** One difference between what a workstation holds and what it should hold. */
export type Difference =
  | {
      readonly code: "policy-changed";
      readonly setting: PolicySetting;
      readonly has: PolicyValue | null;
      readonly wants: PolicyValue | null;
    }
  | { readonly code: "key-added"; readonly key: KeyId; readonly version: number }
  | { readonly code: "key-removed"; readonly key: KeyId; readonly version: number }
  | { readonly code: "key-rotated"; readonly key: KeyId; readonly from: number; readonly to: number };

export const differenceCodes = ["policy-changed", "key-added", "key-removed", "key-rotated"] as const;

function newest(keys: readonly KeyVersion[], key: KeyId): number | null {
  const versions = keys.filter((held) => held.key === key).map(({ version }) => version);
  return versions.length === 0 ? null : Math.max(...versions);
}

function keyDifference(key: KeyId, held: readonly KeyVersion[], wanted: readonly KeyVersion[]): Difference {
  const [from, to] = [newest(held, key), newest(wanted, key)];
  if (from === null) return { code: "key-added", key, version: to ?? 0 };
  if (to === null) return { code: "key-removed", key, version: from };
  return { code: "key-rotated", key, from, to };
}

/** The differences, none if the contents are equal: policy in the catalogue's order, then keys by id. */
export function differencesOf(held: Content, wanted: Content): Difference[] {
  const settings = policySettingCodes
    .filter((setting) => held.policy[setting] !== wanted.policy[setting])
    .map((setting): Difference => {
      const [has, wants] = [held.policy[setting] ?? null, wanted.policy[setting] ?? null];
      return { code: "policy-changed", setting, has, wants };
    });
  const versions = (keys: readonly KeyVersion[], key: KeyId) =>
    canonicalJson(keys.filter((held) => held.key === key));
  const keys = [...new Set([...held.keys, ...wanted.keys].map(({ key }) => key))]
    .filter((key) => versions(held.keys, key) !== versions(wanted.keys, key))
    .sort()
    .map((key) => keyDifference(key, held.keys, wanted.keys));
  return [...settings, ...keys];
}
