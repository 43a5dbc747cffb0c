// The words of mails as administrators write them: paragraphs with placeholders in braces, one of which is the button.
// What a kind may name is what its first words name, so words of somebody's own never name what there is no value for.

import type { MailKind, MailLanguage } from "@lockstep/api";

import { Refusal } from "../refusal.ts";
import { mailTexts } from "./texts.ts";

export interface Words {
  readonly subject: string;
  /** Paragraphs, with an empty line between two; the one that is nothing but `{link}` is the button. */
  readonly text: string;
  /** What the button says; null for a kind that has none. */
  readonly button: string | null;
}

export interface Placeholder {
  readonly name: string;
  readonly meaning: string;
  readonly isRequired: boolean;
  /** As it is kept: days and moments are shown as in a mail. */
  readonly example: string;
}

export const linkParagraph = "{link}";

/** Every name in braces, as data: what it stands for, and what a preview shows for it. */
const known: Readonly<Record<string, readonly [meaning: string, example: string]>> = {
  link: ["The button, or the address where there are no buttons.", "https://lockstep.example/sign-in"],
  name: ["The user's name.", "Bo Lindqvist"],
  username: ["The user's username.", "bo@northwind.example"],
  organisation: ["The user's organisation.", "Northwind Air"],
  until: ["Until when the link works, or the block stands.", "2026-03-04T12:30:00.000Z"],
  at: ["When it happened.", "2026-03-01T10:00:00.000Z"],
  on: ["The day on which it happens.", "2026-05-30T12:00:00.000Z"],
  days: ["After how many days without activity accounts are disabled.", "90"],
  reason: ["What the administrator tells the user; nothing if no reason was given.", "You left on Friday"],
  whom: ["Who can help: names and mail addresses.", "Ada Holm (ada@northwind.example)"],
  role: ["Which role, in words.", "organisation-manager"],
  place: ["Where it holds.", "Northwind Air"],
  about: ["The organisation that is managed.", "Northwind Air"],
  disabling: ["How many, and who first.", "1: Otto Brandt (2026-05-30)"],
  pending: ["How many, and who first.", "2: Cleo Marsh, Dana Okafor"],
  deletions: ["How many, and who first.", "1: Inês Duarte"],
};

/** Without these nobody could act on a mail, tell which account it is about, or object. */
const requiredNames: readonly string[] = ["link", "username", "on", "whom"];

const namePattern = /\{(\w+)\}/g;

export function namesIn(text: string): string[] {
  return [...new Set([...text.matchAll(namePattern)].map(([, name = ""]) => name))];
}

/** The words that every installation starts with. */
export function firstWords(kind: MailKind, language: MailLanguage): Words {
  const { subject, paragraphs, button, after } = mailTexts[language][kind];
  const link = button === null ? [] : [linkParagraph];
  return {
    subject,
    text: [...paragraphs, ...link, ...after].join("\n\n"),
    button: button?.label ?? null,
  };
}

/** What the words of a kind may name, and must. */
export function placeholdersOf(kind: MailKind): Placeholder[] {
  const { subject, text } = firstWords(kind, "en");
  return namesIn(`${subject} ${text}`).map((name) => {
    const [meaning, example] = known[name] ?? [name, name];
    return { name, meaning, example, isRequired: requiredNames.includes(name) };
  });
}

export function paragraphsOf(text: string): string[] {
  return text
    .split(/\n[^\S\n]*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "");
}

/** @throws Refusal mail_placeholder_unknown. */
function refuseUnknown(kind: MailKind, { subject, text, button }: Words): void {
  const allowed = new Set(placeholdersOf(kind).map(({ name }) => name));
  const unknown = (detail: string) => new Refusal("mail_placeholder_unknown", { detail });
  const stranger = namesIn(`${subject} ${text}`).find((name) => !allowed.has(name));
  if (stranger !== undefined) throw unknown(`{${stranger}}`);
  // Subjects stand in logs and lists, so no address that lets one act is in them.
  if (subject.includes(linkParagraph)) throw unknown("{link} in the subject");
  if (button !== null && !allowed.has("link")) throw unknown("button: this kind of mail has none");
  const [inButton] = namesIn(button ?? "");
  if (inButton !== undefined) throw unknown(`{${inButton}} on the button`);
}

/** @throws Refusal mail_placeholder_missing. */
function refuseMissing(kind: MailKind, { text, button }: Words): void {
  const missing = (detail: string) => new Refusal("mail_placeholder_missing", { detail });
  const named = namesIn(text);
  const required = placeholdersOf(kind).filter(({ isRequired }) => isRequired);
  const left = required.find(({ name }) => !named.includes(name));
  if (left !== undefined) throw missing(`{${left.name}}`);
  if (!named.includes("link")) return;
  const isAlone = paragraphsOf(text).filter((paragraph) => paragraph === linkParagraph).length === 1;
  const isOnce = text.split(linkParagraph).length === 2;
  if (!isAlone || !isOnce) throw missing("{link} once, as a paragraph of its own");
  if (button === null) throw missing("button");
}

/** @throws Refusal mail_placeholder_unknown, mail_placeholder_missing; `detail` says which. */
export function refuseUnfit(kind: MailKind, words: Words): void {
  refuseUnknown(kind, words);
  refuseMissing(kind, words);
}

/** Those of an administrator; the first ones instead of words that were kept before a kind had to say more. */
export function fittingWords(kind: MailKind, language: MailLanguage, own: Words | null): Words {
  if (own === null) return firstWords(kind, language);
  try {
    refuseUnfit(kind, own);
    return own;
  } catch (error) {
    if (error instanceof Refusal) return firstWords(kind, language);
    throw error;
  }
}
