// What mails say, in each language. `{name}` and the like are filled in.

import type { MailKind, MailLanguage } from "@lockstep/api";
import type { GrantedRole } from "@lockstep/core";

export interface MailText {
  readonly subject: string;
  /** Above the button. */
  readonly paragraphs: readonly string[];
  /** What the button says, and the page that it opens; null where there is nothing to open. */
  readonly button: { readonly label: string; readonly page: string } | null;
  /** Below it. */
  readonly after: readonly string[];
}

const pages = {
  activate: "/activate-account",
  reEnable: "/re-enable-account",
  signIn: "/sign-in",
  reset: "/reset-password",
  forgotten: "/forgot-password",
} as const;

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
  "account-disabled": {
    subject: "Ihr Konto wurde deaktiviert",
    paragraphs: [
      "Guten Tag {name},",
      "Ihr Konto {username} von {organisation} wurde deaktiviert, weil es mehr als {days} Tage lang nicht benutzt wurde. Nichts wurde gelöscht, und Ihre Arbeitsplätze laufen weiter wie bisher.",
      "Sie können es selbst wieder freigeben: Melden Sie sich mit Benutzername und Passwort an, folgen Sie dem Link im roten Balken und bestätigen Sie per E-Mail.",
    ],
    button: { label: "Anmelden", page: pages.signIn },
    after: ["Wenn Sie das für falsch halten oder sich nicht anmelden können, fragen Sie {whom}."],
  },
  "account-blocked": {
    subject: "Ihr Konto wurde gesperrt",
    paragraphs: [
      "Guten Tag {name},",
      "Ihr Konto {username} von {organisation} wurde gesperrt. Sie können sich nicht anmelden, und Ihre Arbeitsplätze sind gesperrt.",
      "Der Grund: {reason}",
      "Die Sperre endet von selbst am {until}.",
      "Wenn Sie das für falsch halten, fragen Sie {whom}.",
    ],
    button: null,
    after: [],
  },
  "account-unblocked": {
    subject: "Ihr Konto ist nicht mehr gesperrt",
    paragraphs: [
      "Guten Tag {name},",
      "Ihr Konto {username} von {organisation} ist nicht mehr gesperrt und freigegeben. Sie können sich anmelden wie bisher.",
    ],
    button: { label: "Anmelden", page: pages.signIn },
    after: ["Wenn etwas nicht geht wie bisher, fragen Sie {whom}."],
  },
  "role-granted": {
    subject: "Sie haben eine Rolle in {place}",
    paragraphs: [
      "Guten Tag {name},",
      "Ihr Konto {username} von {organisation} hat eine weitere Rolle: {role} in {place}.",
    ],
    button: { label: "Anmelden", page: pages.signIn },
    after: [
      "Wenn Sie sich bisher mit dem Passwort eines Verzeichnisses oder über einen Anbieter angemeldet haben, brauchen Sie vielleicht ein eigenes Passwort: Wählen Sie eines mit „Forgot your password?“ auf der Seite zum Anmelden.",
      "Wenn Sie das für falsch halten, fragen Sie {whom}.",
    ],
  },
  "role-withdrawn": {
    subject: "Eine Ihrer Rollen in {place} wurde zurückgenommen",
    paragraphs: [
      "Guten Tag {name},",
      "Ihrem Konto {username} von {organisation} fehlt von jetzt an eine seiner Rollen: {role} in {place}. Alles andere bleibt, wie es war.",
    ],
    button: null,
    after: ["Wenn Sie das für falsch halten, fragen Sie {whom}."],
  },
  "account-digest": {
    subject: "Was in {about} wartet",
    paragraphs: [
      "Guten Tag {name},",
      "Sie verwalten {about}. Das wartet dort.",
      "Werden in den nächsten zwei Wochen deaktiviert, weil niemand sie benutzt: {disabling}",
      "Wurden eingeladen und haben ihr Konto nicht aktiviert: {pending}",
      "Haben die Löschung ihres Kontos verlangt: {deletions}",
    ],
    button: { label: "Lockstep öffnen", page: pages.signIn },
    after: [],
  },
  "reset-password": {
    subject: "Wählen Sie ein neues Passwort",
    paragraphs: [
      "Guten Tag {name},",
      "jemand möchte für Ihr Konto {username} von {organisation} ein neues Passwort wählen.",
      "Öffnen Sie die Seite und wählen Sie eines. Dem Link nur zu folgen ändert nichts.",
    ],
    button: { label: "Neues Passwort wählen", page: pages.reset },
    after: [
      "Der Link gilt einmal, bis {until}.",
      "Wenn Sie es nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.",
    ],
  },
  "password-changed": {
    subject: "Ihr Passwort wurde geändert",
    paragraphs: [
      "Guten Tag {name},",
      "das Passwort Ihres Kontos {username} von {organisation} wurde am {at} geändert. Überall sonst, wo Sie angemeldet waren, sind Sie abgemeldet.",
      "Wenn Sie es waren, ist nichts zu tun.",
    ],
    button: { label: "Ich war es nicht: neues Passwort wählen", page: pages.forgotten },
    after: ["Wenn Sie es nicht waren, sagen Sie es auch Ihrer Administratorin oder Ihrem Administrator."],
  },
  "account-stays-blocked": {
    subject: "Ihr Konto ist gesperrt",
    paragraphs: [
      "Guten Tag {name},",
      "jemand möchte für Ihr Konto {username} von {organisation} ein neues Passwort wählen. Das Konto ist gesperrt, und daran änderte ein anderes Passwort nichts.",
      "Wen Sie fragen können: {whom}.",
    ],
    button: null,
    after: ["Wenn Sie es nicht waren, tun Sie nichts: es wurde nichts geändert."],
  },
  "second-factor-reset": {
    subject: "Ihr zweiter Faktor wurde zurückgesetzt",
    paragraphs: [
      "Guten Tag {name},",
      "am {at} wurde der zweite Faktor Ihres Kontos {username} von {organisation} aus der Verwaltung zurückgesetzt. Codes Ihrer App und Wiederherstellungscodes gelten nicht mehr, und Sie sind überall abgemeldet.",
      "Melden Sie sich an und richten Sie einen neuen ein. Bis dahin wird beim Anmelden kein Code verlangt.",
    ],
    button: { label: "Anmelden", page: pages.signIn },
    after: ["Wenn Sie nicht darum gebeten haben, wählen Sie ein neues Passwort und fragen Sie {whom}."],
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

/** What roles are called. */
export const roleNames: Readonly<Record<MailLanguage, Readonly<Record<GrantedRole, string>>>> = {
  en: {
    "system-administrator": "system administrator",
    "authority-administrator": "authority administrator",
    "organisation-manager": "organisation manager",
    helpdesk: "helpdesk",
  },
  // cspell:disable -- German
  de: {
    "system-administrator": "Systemadministration",
    "authority-administrator": "Administration der Behörde",
    "organisation-manager": "Verwaltung der Organisation",
    helpdesk: "Helpdesk",
  },
  // cspell:enable
};

/** Whom to ask, where nobody in particular could be named. */
export const nobodyNamed: Readonly<Record<MailLanguage, string>> = {
  en: "your administrator",
  // cspell:disable-next-line -- German
  de: "Ihre Administratorin oder Ihren Administrator",
};

/** What a test of the mail server sends. */
export const trialText = {
  subject: "Lockstep can send mails",
  text: "This mail was sent to try out the mail server. It arrived.\n",
} as const;
