// What mails say in English.

import type { MailKind } from "@lockstep/api";

import { pages, type MailText } from "./text.ts";

export const english: Record<MailKind, MailText> = {
  "activate-account": {
    subject: "Activate your account",
    paragraphs: [
      "Hello {name},",
      "{organisation} has made an account for you. Your username is {username}.",
      "Open the page and choose a password. Following the link alone changes nothing.",
    ],
    button: { label: "Activate your account", page: pages.activate },
    after: [
      "The link works once, until {until}. After that an administrator can send you another one.",
      "If you did not expect this mail, do nothing: without you the account stays closed.",
    ],
  },
  "re-enable-account": {
    subject: "Reactivate your account",
    paragraphs: [
      "Hello {name},",
      "somebody asked to enable your account {username} of {organisation} again. It was disabled because it was not used for too long.",
      "Open the page and confirm. Following the link alone changes nothing.",
    ],
    button: { label: "Reactivate your account", page: pages.reEnable },
    after: [
      "The link works once, until {until}.",
      "If it was not you who asked, do nothing: the account stays disabled.",
    ],
  },
  "inactivity-warning": {
    subject: "Your account will be disabled on {on}",
    paragraphs: [
      "Hello {name},",
      "your account {username} of {organisation} has not been used for a long time. On {on} it will be disabled.",
      "Sign in before that day, and nothing happens.",
    ],
    button: { label: "Sign in", page: pages.signIn },
    after: ["Afterwards you can enable it again yourself, by mail, when you sign in."],
  },
  "account-disabled": {
    subject: "Your account was disabled",
    paragraphs: [
      "Hello {name},",
      "your account {username} of {organisation} was disabled, because it was not used for more than {days} days. Nothing was deleted, and your workstations go on as before.",
      "You can enable it again yourself: sign in with your username and password, follow the link in the red banner, and confirm by mail.",
    ],
    button: { label: "Sign in", page: pages.signIn },
    after: ["If you think that this is wrong, or if you cannot sign in, ask {whom}."],
  },
  "account-blocked": {
    subject: "Your account was blocked",
    paragraphs: [
      "Hello {name},",
      "your account {username} of {organisation} was blocked. You cannot sign in, and your workstations are locked.",
      "The reason: {reason}",
      "The block ends by itself on {until}.",
      "If you think that this is wrong, ask {whom}.",
    ],
    button: null,
    after: [],
  },
  "account-unblocked": {
    subject: "Your account was unblocked",
    paragraphs: [
      "Hello {name},",
      "your account {username} of {organisation} is not blocked any more, and enabled. You can sign in as before.",
    ],
    button: { label: "Sign in", page: pages.signIn },
    after: ["If something does not work as before, ask {whom}."],
  },
  "role-granted": {
    subject: "You were given a role in {place}",
    paragraphs: [
      "Hello {name},",
      "your account {username} of {organisation} has another role: {role} in {place}.",
    ],
    button: { label: "Sign in", page: pages.signIn },
    after: [
      "If so far you signed in with the password of a directory, or by a provider, you may need a password of your own: choose one with “Forgot your password?” on the page for signing in.",
      "If you think that this is wrong, ask {whom}.",
    ],
  },
  "role-withdrawn": {
    subject: "A role of yours in {place} was withdrawn",
    paragraphs: [
      "Hello {name},",
      "your account {username} of {organisation} is without one of its roles from now on: {role} in {place}. Everything else stays as it was.",
    ],
    button: null,
    after: ["If you think that this is wrong, ask {whom}."],
  },
  "account-digest": {
    subject: "What waits in {about}",
    paragraphs: [
      "Hello {name},",
      "you manage {about}. This is what waits there.",
      "Will be disabled within two weeks, because nobody uses them: {disabling}",
      "Were invited and have not activated their account: {pending}",
      "Asked for their account to be deleted: {deletions}",
    ],
    button: { label: "Open Lockstep", page: pages.signIn },
    after: [],
  },
  "reset-password": {
    subject: "Choose another password",
    paragraphs: [
      "Hello {name},",
      "somebody asked to choose another password for your account {username} of {organisation}.",
      "Open the page and choose one. Following the link alone changes nothing.",
    ],
    button: { label: "Choose another password", page: pages.reset },
    after: [
      "The link works once, until {until}.",
      "If it was not you who asked, do nothing: your password stays as it is.",
    ],
  },
  "password-changed": {
    subject: "Your password was changed",
    paragraphs: [
      "Hello {name},",
      "the password of your account {username} of {organisation} was changed on {at}. Wherever else you were signed in, you are signed out.",
      "If it was you, there is nothing to do.",
    ],
    button: { label: "It was not me: choose another password", page: pages.forgotten },
    after: ["If it was not you, tell your administrator as well."],
  },
  "account-stays-blocked": {
    subject: "Your account is blocked",
    paragraphs: [
      "Hello {name},",
      "somebody asked to choose another password for your account {username} of {organisation}. The account is blocked, and another password would not change that.",
      "Whom to ask: {whom}.",
    ],
    button: null,
    after: ["If it was not you who asked, do nothing: nothing was changed."],
  },
  "second-factor-reset": {
    subject: "Your second factor was reset",
    paragraphs: [
      "Hello {name},",
      "an administrator has reset the second factor of your account {username} of {organisation}, on {at}. Codes of your app and recovery codes do not count any more, and you are signed out everywhere.",
      "Sign in and set up another one. Until then signing in asks for no code.",
    ],
    button: { label: "Sign in", page: pages.signIn },
    after: ["If you did not ask for it, choose another password and ask {whom}."],
  },
  "deletion-requested": {
    subject: "Your account will be deleted on {on}",
    paragraphs: [
      "Hello {name},",
      "you asked for your account {username} of {organisation} to be deleted. This is done on {on}, and nothing brings it back.",
      "If you want to keep it, sign in before that day and withdraw the request.",
    ],
    button: { label: "Sign in", page: pages.signIn },
    after: ["If it was not you who asked, sign in, withdraw it and change your password."],
  },
  "deletion-withdrawn": {
    subject: "Your account stays",
    paragraphs: [
      "Hello {name},",
      "your account {username} of {organisation} is not deleted: the request was withdrawn, or ended because the account was enabled again.",
    ],
    button: { label: "Sign in", page: pages.signIn },
    after: ["If you still want it deleted, ask for it once more."],
  },
  "deletion-done": {
    subject: "Your account was deleted",
    paragraphs: [
      "Hello {name},",
      "your account {username} of {organisation} was deleted. Your name, your address and everything else of you were erased, but for the username, which nobody is given again.",
    ],
    button: { label: "Open Lockstep", page: pages.signIn },
    after: ["This is the last mail: your address is forgotten with it."],
  },
};
