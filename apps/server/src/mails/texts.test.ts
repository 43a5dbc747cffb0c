import { mails } from "@lockstep/api";
import { expect, test } from "vitest";

import { renderMail, type MailContents } from "./render.ts";
import { mailTexts } from "./texts.ts";

const contents: MailContents = {
  kind: "activate-account",
  language: "en",
  name: "Bo Lindqvist",
  username: "bo@northwind.example",
  organisation: "Northwind Air",
  details: {
    until: "2026-03-04T12:30:00.000Z",
    at: "2026-03-01T10:00:00.000Z",
    on: "2026-05-30T12:00:00.000Z",
    days: "90",
    reason: "You left",
    whom: "Ada Holm",
    role: "organisation-manager",
    place: "Northwind Air",
    about: "Northwind Air",
    disabling: "1: Otto Brandt",
    pending: "",
    deletions: "",
  },
};
const addresses = { origin: "https://lockstep.test", secret: "lockstep_secret" };

const namesIn = (kind: MailContents["kind"], language: MailContents["language"]) => {
  const { subject, paragraphs, button, after } = mailTexts[language][kind];
  const all = [subject, ...paragraphs, button?.label ?? "", ...after].join(" ");
  return [...new Set([...all.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();
};

test.each(mails.mailKinds)("%s says the same things in every language, on the same page", (kind) => {
  for (const language of mails.mailLanguages) {
    expect(namesIn(kind, language), language).toEqual(namesIn(kind, "en"));
    expect(mailTexts[language][kind].button?.page).toBe(mailTexts.en[kind].button?.page);
    const { subject, text, html } = renderMail({ ...contents, kind, language }, addresses, null);
    expect(`${subject}${text}${html}`).not.toMatch(/[{}]|undefined/);
  }
});

test("a mail says whose account it is, where its page is and until when, as text and as HTML", () => {
  const { subject, text, html } = renderMail(contents, addresses, null);
  const address = "https://lockstep.test/activate-account#lockstep_secret";
  expect(subject).toBe("Activate your account");
  expect(text).toContain(`Activate your account:\n${address}\n`);
  expect(html).toContain(`<a href="${address}"`);
  for (const each of [text, html]) {
    expect(each).toContain(
      "Northwind Air has made an account for you. Your username is bo@northwind.example.",
    );
    expect(each).toContain("until 2026-03-04 12:30 UTC");
  }
});

test("a role is named in the language of the mail", () => {
  // cspell:disable-next-line -- German
  const said = { en: "organisation manager in", de: "Verwaltung der Organisation in" };
  for (const language of mails.mailLanguages) {
    const { text } = renderMail({ ...contents, kind: "role-granted", language }, addresses, null);
    expect(text).toContain(`${said[language]} Northwind Air`);
  }
});

test("a name is never more than a name, whatever is in it", () => {
  const name = `<img src="x" onerror='alert(1)'> & {until}`;
  const { text, html } = renderMail({ ...contents, name }, addresses, null);
  expect(text).toContain(`Hello ${name},`);
  expect(html).not.toContain("<img");
  expect(html).toContain("&lt;img src=&#34;x&#34; onerror=&#39;alert(1)&#39;&gt; &amp; {until}");
});

test("a mail without a link leads to a page without a secret", () => {
  const { text } = renderMail(
    { ...contents, kind: "inactivity-warning" },
    { ...addresses, secret: null },
    null,
  );
  expect(text).toContain("Sign in:\nhttps://lockstep.test/sign-in\n");
  expect(text).toContain("On 2026-05-30 it will be disabled");
});
