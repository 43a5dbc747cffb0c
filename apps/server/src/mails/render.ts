// A mail as people read it: as plain text and as HTML that says the same. Values are values: nothing in a name becomes
// markup, a header or a link.

import type { MailKind, MailLanguage } from "@lockstep/api";

import { mailTexts, type MailText } from "./texts.ts";

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

/** Days as days, moments as day and time, both in UTC as everywhere. */
function shownValue(name: string, value: string): string {
  if (name === "on") return value.slice(0, 10);
  return name === "until" || name === "at" ? `${value.slice(0, 10)} ${value.slice(11, 16)} UTC` : value;
}

/** @throws Error for a name that the mail has no value for. */
function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`a mail has no ${name}`);
    return shownValue(name, value);
  });
}

export function renderMail(contents: MailContents, addresses: Addresses): Rendered {
  const { kind, language, details, name, username, organisation } = contents;
  const values = { ...details, name, username, organisation };
  const { subject, paragraphs, button, after }: MailText = mailTexts[language][kind];
  const link = button && { label: button.label, address: addressOf(button.page, addresses) };
  const fill = (texts: readonly string[]) => texts.map((text) => filled(text, values));
  return {
    subject: filled(subject, values),
    text: `${[...fill(paragraphs), ...(link ? [`${link.label}:\n${link.address}`] : []), ...fill(after)].join("\n\n")}\n`,
    html: page(language, {
      paragraphs: fill(paragraphs),
      button: link,
      after: fill(after),
    }),
  };
}

/** The secret stands behind the #, which browsers keep to themselves. */
function addressOf(path: string, { origin, secret }: Addresses): string {
  return `${origin}${path}${secret === null ? "" : `#${secret}`}`;
}

interface Parts {
  readonly paragraphs: readonly string[];
  readonly button: { readonly label: string; readonly address: string } | null;
  readonly after: readonly string[];
}

const buttonStyle = [
  "display:inline-block",
  "padding:12px 20px",
  "background:#1c4fd6",
  "color:#ffffff",
  "border-radius:6px",
  "text-decoration:none",
].join(";");

function page(language: MailLanguage, { paragraphs, button, after }: Parts): string {
  const shown = (texts: readonly string[]) => texts.map((text) => `<p>${escaped(text)}</p>`).join("\n");
  const link =
    button &&
    `<p><a href="${escaped(button.address)}" style="${buttonStyle}">${escaped(button.label)}</a></p>\n`;
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"></head>
<body style="font-family:sans-serif;font-size:16px;line-height:1.5;max-width:36em">
${shown(paragraphs)}
${link ?? ""}${shown(after)}
</body>
</html>
`;
}
