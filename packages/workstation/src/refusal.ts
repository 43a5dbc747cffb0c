// How a workstation says no: with a permanent code, a sentence for people, and what to do.

import { codeProblems, notices } from "@lockstep/keyfile";

/** Codes are forever: add, never rename. */
export const refusals = {
  // The profile and where it is kept.
  "profile-busy": {
    sentence: "Another program works with this profile.",
    hint: "try again when it is done",
  },
  "profile-damaged": {
    sentence: "The profile's file is damaged. It was left as it is.",
    hint: "restore the file, or move it away and activate with a new code",
  },
  "profile-newer": {
    sentence: "The profile was written by a newer client.",
    hint: "install the newer client again",
  },
  "profile-unwritable": {
    sentence: "The profile's folder cannot be read or written.",
    hint: "check who owns the folder, and its mode",
  },
  "disk-full": {
    sentence: "The disk is full. Nothing was changed.",
    hint: "make room, then try again",
  },
  "keyring-unavailable": {
    sentence: "The keyring of the operating system, which seals this profile, does not answer.",
    hint: "sign in to the desktop and unlock the keyring",
  },
  "client-too-old": {
    sentence: "The organisation asks for a newer client.",
    hint: "install the newest client",
  },
  // The code and the way to the server.
  "code-too-short": { sentence: codeProblems["code-too-short"], hint: "compare it with what you were given" },
  "code-too-long": { sentence: codeProblems["code-too-long"], hint: "compare it with what you were given" },
  "code-character": { sentence: codeProblems["code-character"], hint: "compare it with what you were given" },
  "code-typo": { sentence: codeProblems["code-typo"], hint: "compare it with what you were given" },
  "code-link": { sentence: codeProblems["code-link"], hint: "copy the whole link, or type the code" },
  "relay-unknown": {
    sentence: "A code alone does not say where its offer is.",
    hint: "name the relay, or use the link that has code and relay",
  },
  "relay-unreachable": {
    sentence: "The relay cannot be reached. Nothing is lost.",
    hint: "check the network; the next sync tries again",
  },
  "relay-refused": {
    sentence: "The relay refused. Nothing is lost.",
    hint: "try again later; if it stays so, tell your administrator",
  },
  "offer-missing": {
    sentence: "Nothing waits for this code. It was taken back, has expired, or is not of this relay.",
    hint: "compare code and relay, or ask your administrator for a new code",
  },
  "offer-foreign": {
    sentence: "What waits for this code was not made by whoever gave it out.",
    hint: "tell your administrator, and ask for a new code",
  },
  "code-already-used": { sentence: notices["code-already-used"], hint: "ask for a new code" },
  "code-expired": { sentence: notices["code-expired"], hint: "check this machine's clock and date as well" },
  "code-voided": { sentence: notices["code-voided"], hint: "the newest code is the one that counts" },
  "no-licence": { sentence: notices["no-licence"], hint: "then activate again with the same code" },
  "account-blocked": { sentence: notices["account-blocked"], hint: "then activate again with the same code" },
  "answer-pending": {
    sentence: "The server has not answered yet. The request waits for it.",
    hint: "activate again later, with the same code and password",
  },
  "answer-foreign": {
    sentence: "An answer came that this workstation does not accept.",
    hint: "tell your administrator; activating again waits for another answer",
  },
  "already-activated": {
    sentence: "This profile is activated already.",
    hint: "choose another profile for another organisation",
  },
  "not-activated": {
    sentence: "This profile is not activated.",
    hint: "activate it with the code from your administrator",
  },
  deactivated: {
    sentence: "The organisation has deactivated this workstation. Its keys were removed.",
    hint: "ask your administrator for a new activation code",
  },
  // The password and what it opens.
  "password-too-short": {
    sentence: "The password is too short.",
    hint: "choose a longer one",
  },
  "password-unchanged": {
    sentence: "The new password is the old one.",
    hint: "choose another one",
  },
  "password-wrong": {
    sentence: "The password is wrong.",
    hint: "try again; after too many attempts the Key-File locks",
  },
  "attempts-exhausted": {
    sentence: "The Key-File is locked: too many wrong passwords in a row.",
    hint: "ask your administrator to unlock this workstation, then sync",
  },
  "password-change-required": {
    sentence: "The password must be changed first.",
    hint: "change the password",
  },
  "not-logged-in": {
    sentence: "Nobody is logged in to the Key-File.",
    hint: "log in with the password",
  },
  locked: {
    sentence: "The organisation has locked this workstation.",
    hint: "ask your administrator to unlock it, then sync",
  },
  "offline-too-long": {
    sentence: "This workstation has not heard from its server for too long, so its keys are closed.",
    hint: "sync; a new word from the server opens them again",
  },
  "postpone-forbidden": {
    sentence: "The policy does not let you postpone an update.",
    hint: "log in without postponing",
  },
  "policy-forbids": {
    sentence: "The policy does not allow it.",
    hint: "ask your administrator",
  },
  "licence-ended": {
    sentence: "There is no valid licence: existing files can be read, nothing new is encrypted.",
    hint: "ask your administrator to renew the licence",
  },
  "no-key": {
    sentence: "This workstation holds no key to encrypt with.",
    hint: "sync; if it stays so, ask your administrator",
  },
  "file-missing": {
    sentence: "There is no such file or folder.",
    hint: "check the name",
  },
  "file-exists": {
    sentence: "There is already a file of the name that the new file would have.",
    hint: "move or rename that file, then try again",
  },
  "file-changed": {
    sentence: "The file was changed by somebody else meanwhile. It was left as it is.",
    hint: "close the file in other programs, then try again",
  },
  "file-not-readable": {
    sentence: "The file or folder cannot be read.",
    hint: "check who owns it, and its mode",
  },
  "folder-not-writable": {
    sentence: "Nothing can be written or removed in this folder.",
    hint: "check who owns the folder, and its mode",
  },
  "not-a-file": {
    sentence: "This is not a plain file. Links and devices are left alone.",
    hint: "name the file itself",
  },
  "name-too-long": {
    sentence: "The name is too long to take another ending.",
    hint: "rename the file, then try again",
  },
  "not-encrypted": {
    sentence: "This is not an encrypted file.",
    hint: "check the name",
  },
  "key-missing": {
    sentence: "None of your keys opens this file.",
    hint: "ask who sent it to encrypt it to one of your keys",
  },
  "file-damaged": {
    sentence: "The file is damaged or incomplete. Nothing of it was kept.",
    hint: "ask for another copy of it",
  },
  "passphrase-needed": {
    sentence: "The file opens with a passphrase.",
    hint: "give the passphrase that it was encrypted with",
  },
  "passphrase-wrong": {
    sentence: "The passphrase does not open this file.",
    hint: "check the passphrase",
  },
} as const satisfies Record<string, { sentence: string; hint: string }>;

export type WorkstationRefusalCode = keyof typeof refusals;

/** The workstation refuses. `detail` names the offender, such as a path; never a secret. */
export class WorkstationRefusal extends Error {
  readonly code: WorkstationRefusalCode;
  readonly hint: string;
  readonly detail: string | undefined;

  constructor(code: WorkstationRefusalCode, { detail, cause }: { detail?: string; cause?: unknown } = {}) {
    super(refusals[code].sentence, { cause });
    this.name = "WorkstationRefusal";
    this.code = code;
    this.hint = refusals[code].hint;
    this.detail = detail;
  }
}
