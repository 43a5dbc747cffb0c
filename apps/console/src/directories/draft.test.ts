import { directories, directoryPresets, type Directory } from "@lockstep/api";
import { expect, test } from "vitest";

import { draftOf, emptyDraft, isSentElsewhere, passwordOf, settingsOf, usualOf } from "./draft.ts";

const typed = {
  ...emptyDraft,
  name: "Corp",
  host: "dc1.example.org",
  bindName: "reader@example.org",
  base: "DC=example,DC=org",
};

const saved = {
  ...settingsOf(typed),
  port: 636,
  filter: typed.filter,
  mapping: directoryPresets["active-directory"].mapping,
  usernameSuffix: "example",
} as Directory;

test("a directory of which only the address, the account and the base are typed can be added", () => {
  const body = { ...settingsOf(typed), password: "a password" };
  const sent = directories.createDirectory.body.parse(body);
  expect(sent).toMatchObject({ security: "ldaps", mode: "manual", certificates: null, guardLeast: 20 });
  expect(sent.port).toBeUndefined();
});

test("choosing a kind fills in who is a person there, and what they are called", () => {
  expect(settingsOf({ ...typed, ...usualOf("openldap") })).toMatchObject({
    kind: "openldap",
    filter: "(objectClass=inetOrgPerson)",
    mapping: { username: "uid" },
  });
});

test("what was saved, opened and not touched is sent as it was, without a password", () => {
  const draft = draftOf(saved);
  expect(settingsOf(draft)).toEqual({ ...settingsOf(typed), port: 636, usernameSuffix: "example" });
  expect(passwordOf(draft)).toEqual({});
});

test("the password is asked for again when it would go elsewhere", () => {
  const draft = draftOf(saved);
  expect(isSentElsewhere({ ...draft, base: "OU=People,DC=example,DC=org" }, saved)).toBe(false);
  for (const changed of [{ host: "dc2.example.org" }, { port: "3269" }, { security: "starttls" }] as const) {
    expect(isSentElsewhere({ ...draft, ...changed }, saved)).toBe(true);
  }
});
