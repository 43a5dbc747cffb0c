import { expect, test } from "vitest";

import { commonPasswords } from "./common-passwords.ts";
import { isGuessable, refuseGuessable } from "./guessable.ts";

// cspell:ignore passwordpassword xyzxyzxyzxyz onlylowercase ééééèèèèüüüüößß
const known = { username: "ada@northwind.example", organisation: "Northwind Air" };
const isRefused = async (password: string) => isGuessable(password, known, await commonPasswords());

test("the list that is shipped has tens of thousands of passwords, in lower case", async () => {
  const common = await commonPasswords();
  expect(common.size).toBeGreaterThan(45_000);
  expect([...common].filter((each) => each !== each.toLowerCase())).toEqual([]);
});

test.each([
  "passwordpassword",
  "PasswordPassword",
  "Password12345!",
  "12345password",
  "123456789012",
  "qwerty-qwerty-qwerty",
  "aaaaaaaaaaaaaaa",
  "xyzxyzxyzxyz",
  "!!!!!!!!!!!!!!",
  "1qaz 2wsx 3edc",
])("%s is refused: it is common, whatever stands around it or how often", async (password) => {
  expect(await isRefused(password)).toBe(true);
});

test.each([
  "ada@northwind.example",
  "northwind-air-2026",
  "Northwind Air 1!",
  "lockstep lockstep",
  "LockstepNorthwind",
  "Northwind_2026_ok",
])("%s is refused: it is little more than a name", async (password) => {
  expect(await isRefused(password)).toBe(true);
});

test.each([
  "a few words in a row",
  "correct horse battery staple",
  "another password of mine",
  "my northwind has other words",
  "ééééèèèèüüüüößß",
  "Ω≈ç√∫˜µ≤≥÷ßð",
  "password manager made this",
  "8dKq1xZr0mVb",
  "onlylowercase",
])("%s is taken: no rule says what a password is made of", async (password) => {
  expect(await isRefused(password)).toBe(false);
});

test("what is refused says what to do instead", async () => {
  await expect(refuseGuessable("passwordpassword", known)).rejects.toMatchObject({
    code: "password_guessable",
    message: expect.stringContaining("few words") as string,
  });
});
