import { mails } from "@lockstep/api";
import { expect, test } from "vitest";

import { Refusal } from "../refusal.ts";
import { previewMail, renderMail } from "./render.ts";
import { mailTexts } from "./texts.ts";
import { firstWords, fittingWords, namesIn, placeholdersOf, refuseUnfit, type Words } from "./words.ts";

const every = mails.mailKinds.flatMap((kind) =>
  mails.mailLanguages.map((language) => [kind, language] as const),
);

function outcomeOf(words: Words): string {
  try {
    refuseUnfit("activate-account", words);
    return "fits";
  } catch (error) {
    if (error instanceof Refusal) return `${error.code}: ${error.detail ?? ""}`;
    throw error;
  }
}

const sound: Words = {
  subject: "Come in, {name}",
  text: "{username} waits.\n\n{link}\n\nUntil {until}.",
  button: "Come in",
};

test.each(every)(
  "the first words of %s in %s fit, and a preview of them leaves nothing open",
  (kind, language) => {
    const words = firstWords(kind, language);
    expect(() => refuseUnfit(kind, words)).not.toThrow();
    const { subject, text, html } = previewMail({ kind, language }, words, "https://lockstep.test");
    expect(`${subject}${text}${html}`).not.toMatch(/[{}]|undefined/);
  },
);

test("everything that first words name has a meaning and an example", () => {
  const nameless = mails.mailKinds.flatMap((kind) =>
    placeholdersOf(kind).filter(({ name, meaning }) => name === meaning),
  );
  expect(nameless).toEqual([]);
});

const cases: readonly (readonly [string, Words, string])[] = [
  ["words with all that is needed", sound, "fits"],
  [
    "a name that this kind has not",
    { ...sound, text: `${sound.text} {reason}` },
    "mail_placeholder_unknown: {reason}",
  ],
  ["a name that none has", { ...sound, subject: "{colour}" }, "mail_placeholder_unknown: {colour}"],
  [
    "the link in the subject",
    { ...sound, subject: "{link}" },
    "mail_placeholder_unknown: {link} in the subject",
  ],
  ["a name on the button", { ...sound, button: "{name}" }, "mail_placeholder_unknown: {name} on the button"],
  ["no link", { ...sound, text: "{username}" }, "mail_placeholder_missing: {link}"],
  ["no account", { ...sound, text: "Hello\n\n{link}" }, "mail_placeholder_missing: {username}"],
  [
    "the link within a sentence",
    { ...sound, text: "{username}: go to {link} now" },
    "mail_placeholder_missing: {link} once, as a paragraph of its own",
  ],
  [
    "the link twice",
    { ...sound, text: "{username}\n\n{link}\n\n{link}" },
    "mail_placeholder_missing: {link} once, as a paragraph of its own",
  ],
  ["no button", { ...sound, button: null }, "mail_placeholder_missing: button"],
  ["braces around what is no name", { ...sound, text: `${sound.text} {} { name } {a-b}` }, "fits"],
];

test.each(cases)("%s: either they fit or it is said what is wrong", (_, words, outcome) => {
  expect(outcomeOf(words)).toBe(outcome);
});

test("a kind that has no button gets none", () => {
  const words = { ...firstWords("account-blocked", "en"), button: "Sign in" };
  expect(() => refuseUnfit("account-blocked", words)).toThrow(Refusal);
});

const contents = {
  kind: "activate-account",
  language: "en",
  name: "Bo Lindqvist",
  username: "bo@northwind.example",
  organisation: "Northwind Air",
  details: { until: "2026-03-04T12:30:00.000Z" },
} as const;
const addresses = { origin: "https://lockstep.test", secret: "lockstep_secret" };

test("whatever an administrator writes is text and never markup, a link or a header", () => {
  const evil = `<a href="https://evil.example">{username}</a>\n<script>x</script>`;
  const words = { subject: "<b>{name}</b>", text: `${evil}\n\n{link}`, button: `"><img src=x>` };
  const { html, text } = renderMail(contents, addresses, words);
  expect(html).not.toMatch(/<script|<img|<a href="https:\/\/evil/);
  expect(html.match(/<a /g)).toHaveLength(1);
  expect(html).toContain('<a href="https://lockstep.test/activate-account#lockstep_secret"');
  expect(text).toContain("<script>x</script>");
});

test("a value that looks like a placeholder stays what it is", () => {
  const { text } = renderMail({ ...contents, name: "{link}" }, addresses, {
    ...sound,
    text: "{name}\n\n{username}\n\n{link}",
  });
  expect(text).toBe(
    "{link}\n\nbo@northwind.example\n\nCome in:\nhttps://lockstep.test/activate-account#lockstep_secret\n",
  );
});

test("a paragraph about what there is not is left out", () => {
  const blocked = {
    ...contents,
    kind: "account-blocked",
    details: { reason: "", until: "", whom: "" },
  } as const;
  const { text } = renderMail(blocked, { ...addresses, secret: null }, null);
  expect(text).not.toMatch(/reason|ends by itself/);
  expect(text).toContain("ask your administrator.");
});

test("words that were kept before a kind had to say more are not sent", () => {
  const old = { ...sound, text: "Hello\n\n{link}" };
  expect(fittingWords("activate-account", "de", old)).toEqual(firstWords("activate-account", "de"));
});

test("all languages name the same things", () => {
  for (const kind of mails.mailKinds) {
    const [first = [], ...others] = mails.mailLanguages.map((language) => {
      const { subject, text } = firstWords(kind, language);
      return namesIn(`${subject} ${text}`).sort();
    });
    for (const other of others) expect(other, kind).toEqual(first);
    expect(mailTexts.de[kind].subject).not.toBe(mailTexts.en[kind].subject);
  }
});
