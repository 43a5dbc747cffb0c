// What mails say, in each language. `{name}` and the like are filled in.

import type { MailKind, MailLanguage } from "@lockstep/api";
import type { GrantedRole } from "@lockstep/core";

import { english } from "./texts/english.ts";
import { german } from "./texts/german.ts";
import type { MailText } from "./texts/text.ts";

export const mailTexts: Readonly<Record<MailLanguage, Readonly<Record<MailKind, MailText>>>> = {
  en: english,
  de: german,
};

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
