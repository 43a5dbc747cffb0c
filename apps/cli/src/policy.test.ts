// Settings as they are typed: the ones that are not named stay, and a wrong one says what is right.

import { expect, test } from "vitest";

import { editedPolicy } from "./policy.ts";

const current = { "removable-media.mode": "block", "sync.interval": 30 };

test("settings that are not named stay as they are", () => {
  const edit = { set: ["sync.interval=15", "files.may-encrypt=no"], unset: [] };
  expect(editedPolicy(current, edit)).toEqual({
    "removable-media.mode": "block",
    "sync.interval": 15,
    "files.may-encrypt": false,
  });
});

test("an unset setting is inherited again", () => {
  expect(editedPolicy(current, { set: [], unset: ["removable-media.mode"] })).toEqual({
    "sync.interval": 30,
  });
});

test("a setting that is set and unset at once is set", () => {
  const edit = { set: ["sync.interval=15"], unset: ["sync.interval"] };
  expect(editedPolicy(current, edit)).toHaveProperty(["sync.interval"], 15);
});

test.each([
  [
    ["removable-media.mode=blocked"],
    "removable-media.mode: expected one of allow, read-only, encrypted-only, block",
  ],
  [["sync.interval=often"], "sync.interval: expected a whole number of minutes from 5 to 1440"],
  [["sync.interval=4"], "sync.interval: expected a whole number of minutes from 5 to 1440"],
  [["files.may-encrypt=maybe"], "files.may-encrypt: expected true or false"],
  [["usb=block"], "there is no setting usb"],
  [["toString=1"], "there is no setting toString"],
  [["sync.interval"], "sync.interval sets nothing"],
  [[], "no setting was named"],
])("what cannot be set is refused before anything is sent: %s", (set, sentence) => {
  expect(() => editedPolicy(current, { set, unset: [] })).toThrow(sentence);
});

test("a setting that does not exist cannot be unset", () => {
  expect(() => editedPolicy(current, { set: [], unset: ["usb"] })).toThrow("there is no setting usb");
});
