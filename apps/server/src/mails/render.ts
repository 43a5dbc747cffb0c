// A mail as people read it: as plain text and as HTML that says the same. Values are values: nothing in a name becomes
// markup, a header or a link.

import { links, type MailKind, type MailLanguage } from "@lockstep/api";

import { mailTexts, nobodyNamed, roleNames } from "./texts.ts";
import {
  fittingWords,
  linkParagraph,
  namesIn,
  paragraphsOf,
  placeholdersOf,
  refuseUnfit,
  type Words,
} from "./words.ts";

export interface Rendered {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface MailContents {
  readonly kind: MailKind;
  readonly language: MailLanguage;
  readonly name: string;
  readonly username: string;
  readonly organisation: string;
  readonly details: Readonly<Record<string, string>>;
}

export interface Addresses {
  /** Where people reach the console. */
  readonly origin: string;
  /** Of the link in the mail; null where it has none. */
  readonly secret: string | null;
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&#34;",
  "'": "&#39;",
};

const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? sign);

/** Days as days, moments as day and time, both in UTC as everywhere; roles in words. */
function shownValue(name: string, value: string, language: MailLanguage): string {
  if (name === "role") return new Map(Object.entries(roleNames[language])).get(value) ?? value;
  if (name === "on") return value.slice(0, 10);
  return name === "until" || name === "at" ? `${value.slice(0, 10)} ${value.slice(11, 16)} UTC` : value;
}

/** @throws Error for a name that the mail has no value for. */
function filled(text: string, values: Readonly<Record<string, string>>, language: MailLanguage): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`a mail has no ${name}`);
    return shownValue(name, value, language);
  });
}

/** @param own what an administrator has it say; null for the words that it came with. */
export function renderMail(contents: MailContents, addresses: Addresses, own: Words | null): Rendered {
  const { kind, language, details, name, username, organisation } = contents;
  const { whom = "" } = details;
  const values = {
    ...details,
    name,
    username,
    organisation,
    whom: whom === "" ? nobodyNamed[language] : whom,
  };
  const { subject, text, button } = fittingWords(kind, language, own);
  const page = mailTexts[language][kind].button?.page;
  const link = { label: button ?? "", address: page === undefined ? "" : addressOf(page, addresses) };
  const paragraphs = paragraphsOf(text)
    .filter((paragraph) => paragraph === linkParagraph || saysSomething(paragraph, values))
    .map((paragraph) => (paragraph === linkParagraph ? link : filled(paragraph, values, language)));
  const plain = paragraphs.map((each) =>
    typeof each === "string" ? each : `${each.label}:\n${each.address}`,
  );
  return {
    subject: filled(subject, values, language),
    text: `${plain.join("\n\n")}\n`,
    html: asHtml(language, paragraphs),
  };
}

/** Words as they would be read, to somebody made up. @throws Refusal mail_placeholder_unknown, mail_placeholder_missing. */
export function previewMail(
  { kind, language }: Pick<MailContents, "kind" | "language">,
  words: Words,
  origin: string,
): Rendered {
  refuseUnfit(kind, words);
  const details = Object.fromEntries(placeholdersOf(kind).map(({ name, example }) => [name, example]));
  const { name = "", username = "", organisation = "" } = details;
  const hasSecret = links.linkPurposes.some((purpose) => purpose === kind);
  const secret = hasSecret ? "lockstep_example" : null;
  return renderMail({ kind, language, name, username, organisation, details }, { origin, secret }, words);
}

/** Not so of a paragraph that names what there is not. */
function saysSomething(paragraph: string, values: Readonly<Record<string, string>>): boolean {
  return namesIn(paragraph).every((name) => values[name] !== "");
}

/** The secret stands behind the #, which browsers keep to themselves. */
function addressOf(path: string, { origin, secret }: Addresses): string {
  return `${origin}${path}${secret === null ? "" : `#${secret}`}`;
}

interface Button {
  readonly label: string;
  readonly address: string;
}

const buttonStyle = [
  "display:inline-block",
  "padding:12px 20px",
  "background:#1c4fd6",
  "color:#ffffff",
  "border-radius:6px",
  "text-decoration:none",
].join(";");

function asHtml(language: MailLanguage, paragraphs: readonly (string | Button)[]): string {
  const shown = paragraphs.map((each) => {
    if (typeof each === "string") return `<p>${escaped(each).replaceAll("\n", "<br>")}</p>`;
    return `<p><a href="${escaped(each.address)}" style="${buttonStyle}">${escaped(each.label)}</a></p>`;
  });
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"></head>
<body style="font-family:sans-serif;font-size:16px;line-height:1.5;max-width:36em">
${shown.join("\n")}
</body>
</html>
`;
}
