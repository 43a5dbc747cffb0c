// Mails in words for the screen.

import type { Mail, MailLanguage, MailServer } from "@lockstep/api";

export const securityWords: Record<NonNullable<MailServer["server"]>["security"], string> = {
  tls: "TLS",
  starttls: "STARTTLS",
  none: "none",
};

export const stateWords: Record<Mail["state"], string> = {
  waiting: "Waits",
  sent: "Sent",
  failed: "Given up",
};

export const languageWords: Record<MailLanguage, string> = { en: "English", de: "Deutsch" };
