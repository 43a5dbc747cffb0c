// What mails say, in each language. `{name}` and the like are filled in.

import type { MailKind, MailLanguage } from "@lockstep/api";

export interface MailText {
  readonly subject: string;
  /** Above the button. */
  readonly paragraphs: readonly string[];
  /** What the button says, and the page that it opens. */
  readonly button: { readonly label: string; readonly page: string };
  /** Below it. */
  readonly after: readonly string[];
}

const pages = { activate: "/activate-account", reEnable: "/re-enable-account", signIn: "/sign-in" } as const;

const en: Record<MailKind, MailText> = {
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

// cspell:disable -- German
const de: Record<MailKind, MailText> = {
  "activate-account": {
    subject: "Aktivieren Sie Ihr Konto",
    paragraphs: [
      "Guten Tag {name},",
      "{organisation} hat ein Konto für Sie angelegt. Ihr Benutzername ist {username}.",
      "Öffnen Sie die Seite und wählen Sie ein Passwort. Dem Link nur zu folgen ändert nichts.",
    ],
    button: { label: "Konto aktivieren", page: pages.activate },
    after: [
      "Der Link gilt einmal, bis {until}. Danach kann Ihnen eine Administratorin oder ein Administrator einen neuen schicken.",
      "Wenn Sie diese E-Mail nicht erwartet haben, tun Sie nichts: ohne Sie bleibt das Konto geschlossen.",
    ],
  },
  "re-enable-account": {
    subject: "Reaktivieren Sie Ihr Konto",
    paragraphs: [
      "Guten Tag {name},",
      "jemand möchte Ihr Konto {username} von {organisation} wieder freigeben. Es wurde deaktiviert, weil es zu lange nicht benutzt wurde.",
      "Öffnen Sie die Seite und bestätigen Sie. Dem Link nur zu folgen ändert nichts.",
    ],
    button: { label: "Konto reaktivieren", page: pages.reEnable },
    after: [
      "Der Link gilt einmal, bis {until}.",
      "Wenn Sie es nicht waren, tun Sie nichts: das Konto bleibt deaktiviert.",
    ],
  },
  "inactivity-warning": {
    subject: "Ihr Konto wird am {on} deaktiviert",
    paragraphs: [
      "Guten Tag {name},",
      "Ihr Konto {username} von {organisation} wurde lange nicht benutzt. Am {on} wird es deaktiviert.",
      "Melden Sie sich vor diesem Tag an, dann geschieht nichts.",
    ],
    button: { label: "Anmelden", page: pages.signIn },
    after: ["Danach können Sie es beim Anmelden per E-Mail selbst wieder freigeben."],
  },
  "deletion-requested": {
    subject: "Ihr Konto wird am {on} gelöscht",
    paragraphs: [
      "Guten Tag {name},",
      "Sie haben darum gebeten, Ihr Konto {username} von {organisation} zu löschen. Das geschieht am {on} und lässt sich nicht rückgängig machen.",
      "Wenn Sie es behalten möchten, melden Sie sich vor diesem Tag an und ziehen Sie den Antrag zurück.",
    ],
    button: { label: "Anmelden", page: pages.signIn },
    after: [
      "Wenn Sie es nicht waren, melden Sie sich an, ziehen Sie den Antrag zurück und ändern Sie Ihr Passwort.",
    ],
  },
  "deletion-withdrawn": {
    subject: "Ihr Konto bleibt bestehen",
    paragraphs: [
      "Guten Tag {name},",
      "Ihr Konto {username} von {organisation} wird nicht gelöscht: der Antrag wurde zurückgezogen, oder er ist erloschen, weil das Konto wieder freigegeben wurde.",
    ],
    button: { label: "Anmelden", page: pages.signIn },
    after: ["Wenn Sie es weiterhin löschen möchten, stellen Sie den Antrag noch einmal."],
  },
  "deletion-done": {
    subject: "Ihr Konto wurde gelöscht",
    paragraphs: [
      "Guten Tag {name},",
      "Ihr Konto {username} von {organisation} wurde gelöscht. Ihr Name, Ihre Adresse und alles andere von Ihnen wurde getilgt, bis auf den Benutzernamen, den niemand noch einmal bekommt.",
    ],
    button: { label: "Lockstep öffnen", page: pages.signIn },
    after: ["Dies ist die letzte E-Mail: mit ihr wird Ihre Adresse vergessen."],
  },
};
// cspell:enable

export const mailTexts: Readonly<Record<MailLanguage, Readonly<Record<MailKind, MailText>>>> = { en, de };

/** What a test of the mail server sends. */
export const trialText = {
  subject: "Lockstep can send mails",
  text: "This mail was sent to try out the mail server. It arrived.\n",
} as const;
