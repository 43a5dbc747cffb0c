import { ProblemError } from "@lockstep/api";
import { expect, test } from "vitest";

import { inserted, isChanged, misfitOf, sentWords, type Words } from "./template-draft.ts";

const words: Words = { subject: "Come in, {name}", text: "{username}\n\n{link}", button: "Come in" };

const refused = (code: string, detail: string) =>
  new ProblemError({ title: "No.", status: 400, code, detail });

const cases = [
  ["text", "mail_placeholder_unknown", "{colour}", { ...words, text: "{colour}" }],
  ["subject", "mail_placeholder_unknown", "{colour}", { ...words, subject: "{colour}" }],
  ["subject", "mail_placeholder_unknown", "{link} in the subject", words],
  ["button", "mail_placeholder_unknown", "{name} on the button", words],
  ["text", "mail_placeholder_missing", "{username}", words],
  ["text", "mail_placeholder_missing", "{link} once, as a paragraph of its own", words],
  ["button", "mail_placeholder_missing", "button", words],
  [undefined, "permission_denied", "role-may-not", words],
] as const;

test.each(cases)("at its field (%s) it is told that %s: %s", (field, ...[code, detail, said]) => {
  expect(misfitOf(refused(code, detail), said)?.field).toBe(field);
});

test("what is no refusal belongs to no field", () => {
  expect(misfitOf(null, words)).toBe(null);
  expect(misfitOf(new TypeError("nobody answers"), words)).toBe(null);
});

test("a button of nothing but spaces is sent as none, and one that there is not stays none", () => {
  expect(sentWords({ ...words, button: "  " }).button).toBe(null);
  expect(sentWords({ ...words, button: null }).button).toBe(null);
  expect(sentWords(words)).toEqual(words);
});

test("a name goes where one writes, instead of what is selected", () => {
  expect(inserted("Hello you,", "name", { start: 6, end: 9 })).toEqual({ text: "Hello {name},", at: 12 });
  expect(inserted("", "link", { start: 0, end: 0 })).toEqual({ text: "{link}", at: 6 });
});

test("words that were typed back to what is saved are not changed", () => {
  expect(isChanged({ ...words }, words)).toBe(false);
  expect(isChanged({ ...words, button: "" }, words)).toBe(true);
});
