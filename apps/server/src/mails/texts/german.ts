// What mails say in German.

import type { MailKind } from "@lockstep/api";

import { pages, type MailText } from "./text.ts";

// cspell:disable -- German
export const german: Record<MailKind, MailText> = {
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
