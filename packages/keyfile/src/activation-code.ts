// Activation codes: 120 random bits that somebody reads from a letter and types. The last of 25 characters notices a
// mistyped one and two that changed places, so that a typo is named as a typo and no round trip is needed to find out.

import { randomBytes } from "node:crypto";

import { derive } from "./hkdf.ts";
import { hmacOf } from "./hmac.ts";
import { relay } from "./shapes.ts";

/** Crockford's base32: no I, L, O and U. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const secretBytes = 15;
const secretSymbols = 24;

export const codeProblems = {
  "code-too-short": "A character is missing. A code has five groups of five characters.",
  "code-too-long": "There is a character too many. A code has five groups of five characters.",
  "code-character": "A code has no such character. It has digits and letters, and no U.",
  "code-typo": "This is a typing mistake: one character is wrong, or two have changed places.",
  "code-link": "This is not an activation link.",
} as const;
export type CodeProblem = keyof typeof codeProblems;

/** Why a text is no activation code. `at` counts the code's characters from 1; null when no one character is to blame. */
export class ActivationCodeError extends TypeError {
  readonly code: CodeProblem;
  readonly at: number | null;
  constructor(code: CodeProblem, at: number | null = null) {
    super(codeProblems[code]);
    this.name = "ActivationCodeError";
    this.code = code;
    this.at = at;
  }
}

/** Multiplies by 2 in the field of 32 elements, modulo x⁵ + x² + 1. */
function twice(element: number): number {
  return (element << 1) ^ (element & 16 ? 0b100101 : 0);
}

/**
 * The check symbol of 24 symbols: the sum of each times a power of 2 of its own, in the field of 32 elements. As the field
 * has no zero divisors and no two places the same power, one wrong symbol or any two that changed places always show.
 */
function checkOf(symbols: readonly number[]): number {
  return symbols.reduceRight((sum, symbol) => twice(sum ^ symbol), 0);
}

function symbolsOf(secret: Uint8Array): number[] {
  const bits = Array.from(secret, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from({ length: secretSymbols }, (_, at) => Number.parseInt(bits.slice(at * 5, at * 5 + 5), 2));
}

/** A new secret: 15 random bytes. */
export function newActivationSecret(): Uint8Array {
  return new Uint8Array(randomBytes(secretBytes));
}

/**
 * A secret of 15 bytes as it is shown: `XXXXX-XXXXX-XXXXX-XXXXX-XXXXX`, the last character being the check symbol.
 * @throws TypeError for another number of bytes.
 */
export function formatActivationCode(secret: Uint8Array): string {
  if (secret.length !== secretBytes) throw new TypeError("expected 15 bytes");
  const symbols = symbolsOf(secret);
  const text = [...symbols, checkOf(symbols)].map((symbol) => alphabet.charAt(symbol)).join("");
  return (text.match(/.{5}/g) ?? []).join("-");
}

const alike: Readonly<Record<string, string>> = { I: "1", L: "1", O: "0" };

/** The characters of a code as they count: capitals, I and L as 1, O as 0, without hyphens and spaces. */
function charactersOf(text: string): string[] {
  const characters = text.toUpperCase().replaceAll(/[\s\-\u2010-\u2015]/g, "");
  return Array.from(characters, (character) => alike[character] ?? character);
}

/**
 * The secret of a code as somebody typed it: 15 bytes. Capitals or not, I and L for 1, O for 0; hyphens, dashes and
 * spaces do not count.
 * @throws ActivationCodeError that says which kind of mistake it is.
 */
export function parseActivationCode(text: string): Uint8Array {
  const characters = charactersOf(text);
  const symbols = characters.map((character) => alphabet.indexOf(character));
  const unknown = symbols.indexOf(-1);
  if (unknown !== -1) throw new ActivationCodeError("code-character", unknown + 1);
  if (symbols.length < secretSymbols + 1) throw new ActivationCodeError("code-too-short");
  if (symbols.length > secretSymbols + 1) throw new ActivationCodeError("code-too-long");
  const [secret, check] = [symbols.slice(0, secretSymbols), symbols[secretSymbols]];
  if (checkOf(secret) !== check) throw new ActivationCodeError("code-typo");
  const bits = secret.map((symbol) => symbol.toString(2).padStart(5, "0")).join("");
  return Uint8Array.from({ length: secretBytes }, (_, at) =>
    Number.parseInt(bits.slice(at * 8, at * 8 + 8), 2),
  );
}

/** What a person opens or scans instead of typing: the code, and where its offer is. */
export interface ActivationLink {
  readonly code: string;
  readonly relays: readonly string[];
}

/**
 * A link with code and relays behind the `#`, which no browser sends anywhere. It is as secret as the code.
 * @param page an HTTPS page that tells people without the client what to do; without it the link opens the client.
 */
export function activationLink({ code, relays }: ActivationLink, page?: string): string {
  const parameters = new URLSearchParams([["code", code], ...relays.map((relay) => ["relay", relay])]);
  const link = new URL(page ?? "lockstep:activate");
  link.hash = parameters.toString();
  return link.href;
}

/**
 * Code and relays of a link. The code is as it stands there: `parseActivationCode` takes it from here.
 * @throws ActivationCodeError `code-link` for another protocol, no code, more than one, or a relay without HTTPS.
 */
export function parseActivationLink(text: string): ActivationLink {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== "lockstep:" && url?.protocol !== "https:") throw new ActivationCodeError("code-link");
  const parameters = new URLSearchParams(url.hash.slice(1));
  const [code, ...others] = parameters.getAll("code");
  const relays = parameters.getAll("relay");
  const isWhole = relays.every((address) => relay.safeParse(address).success);
  if (code === undefined || others.length > 0 || !isWhole) throw new ActivationCodeError("code-link");
  return { code, relays };
}

/** What grows from a code, 32 bytes each. The server keeps these and not the code. */
export interface ActivationKeys {
  /** The secrets of two mailboxes, as `mailboxOf` takes them: offer and answers come down, joins go up. */
  readonly down: Uint8Array;
  readonly up: Uint8Array;
  /** Seals the offer. */
  readonly offerKey: Uint8Array;
  /** Proves in a join that whoever sends it knew the code. */
  readonly joinMac: Uint8Array;
  /** Makes the digits that two people compare. */
  readonly sas: Uint8Array;
}

/** HKDF-SHA-256 with salt `kf1/activation` and info `down`, `up`, `offer_key`, `join_mac`, `sas`; protocol §5. */
export function activationKeysOf(secret: Uint8Array): ActivationKeys {
  const grown = (info: string) => derive(secret, { salt: "kf1/activation", info, bytes: 32 });
  return {
    down: grown("down"),
    up: grown("up"),
    offerKey: grown("offer_key"),
    joinMac: grown("join_mac"),
    sas: grown("sas"),
  };
}

/**
 * Six digits that are equal on workstation and server when both mean the same device. `transcript` is the join's.
 * Modulo 10^6 of the first 8 bytes of HMAC-SHA-256, most significant first.
 */
export function comparisonDigits(sas: Uint8Array, transcript: string): string {
  const mac = hmacOf(sas, transcript);
  return String(mac.readBigUInt64BE() % 1_000_000n).padStart(6, "0");
}
