import { expect, test } from "vitest";

import { bodyOf, draftOf, isChanged, needsSecret, type Connection } from "./draft.ts";

const saved: Connection = {
  name: "Northwind Login",
  shortName: "northwind",
  issuer: "https://login.northwind.example",
  clientId: "lockstep",
  claim: "email",
  isOn: true,
};

test("a secret that is left empty is not sent, so the saved one stays", () => {
  expect(bodyOf(draftOf(saved))).toEqual(saved);
  expect(bodyOf({ ...draftOf(saved), clientSecret: "x" })).toEqual({ ...saved, clientSecret: "x" });
});

test("the secret is asked for anew where it would go to another issuer or client", () => {
  const draft = draftOf(saved);
  expect(needsSecret(draft, saved)).toBe(false);
  expect(needsSecret({ ...draft, name: "Login", isOn: false }, saved)).toBe(false);
  expect(needsSecret({ ...draft, issuer: "https://login.example.org" }, saved)).toBe(true);
  expect(needsSecret({ ...draft, clientId: "another" }, saved)).toBe(true);
  expect(needsSecret(draftOf(null), null)).toBe(true);
});

test("what was typed back to what is saved is no change", () => {
  const draft = draftOf(saved);
  expect(isChanged(draft, saved)).toBe(false);
  expect(isChanged({ ...draft, isOn: false }, saved)).toBe(true);
  expect(isChanged({ ...draft, clientSecret: "x" }, saved)).toBe(true);
});
