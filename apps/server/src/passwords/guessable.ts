// Which passwords are guessed first: common ones and what belongs to the user, whole or with a few signs around them
// (NIST SP 800-63B-4 §3.1.1.2). What a password is made of is nobody's business.

import { Refusal } from "../refusal.ts";
import { commonPasswords } from "./common-passwords.ts";

/** Whoever guesses knows them. */
export interface Known {
  readonly username: string;
  readonly organisation: string;
}

const product = "Lockstep";
/** A shorter piece of a name is part of too many words. */
const leastWord = 4;
/** So few letters beside a name say nothing. */
const leastOwnLetters = 4;

const lettersAndDigits = (text: string) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");

/** What it repeats; the whole where it repeats nothing. */
function unitOf(text: string): string {
  const length = (text + text).indexOf(text, 1);
  return text.slice(0, length);
}

function isCommon(plain: string, common: ReadonlySet<string>): boolean {
  const unit = unitOf(plain);
  const inner = plain.replace(/^\p{N}+|\p{N}+$/gu, "");
  const isRepeated = unit.length < plain.length && (unit.length <= leastWord || common.has(unit));
  return isRepeated || common.has(plain) || common.has(inner) || common.has(unitOf(inner));
}

/** Whole names and their pieces, the longest first. */
function wordsOf(names: readonly string[]): string[] {
  const pieces = names.flatMap((name) => [name, ...name.split(/[^\p{L}\p{N}]+/u)]);
  const words = new Set(pieces.map(lettersAndDigits).filter((word) => word.length >= leastWord));
  return [...words].sort((one, other) => other.length - one.length);
}

function isAboutThem(plain: string, { username, organisation }: Known): boolean {
  const words = wordsOf([username, organisation, product]);
  const rest = words.reduce((text, word) => text.replaceAll(word, " "), plain);
  if (rest === plain) return false;
  return rest.replaceAll(/[\s\p{N}]/gu, "").length < leastOwnLetters;
}

/** @param common in lower case. */
export function isGuessable(password: string, known: Known, common: ReadonlySet<string>): boolean {
  const whole = password.normalize("NFKC").toLowerCase();
  const plain = lettersAndDigits(password);
  return common.has(whole) || isCommon(plain === "" ? whole : plain, common) || isAboutThem(plain, known);
}

/** @throws Refusal password_guessable. */
export async function refuseGuessable(password: string, known: Known): Promise<void> {
  if (isGuessable(password, known, await commonPasswords())) throw new Refusal("password_guessable");
}
