// Mails in words for the screen.

import type { Mail, MailKind, MailLanguage, MailServer } from "@lockstep/api";

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

/** When a mail of each kind is posted. */
export const occasionWords: Record<MailKind, string> = {
  "activate-account": "Somebody is invited, or sent the invitation again.",
  "re-enable-account": "Somebody who is disabled asks for the way back.",
  "inactivity-warning": "14, 7, 3 and 1 days before an account is disabled.",
  "account-disabled": "The system has disabled an account.",
  "account-blocked": "An account is blocked, or its block is changed.",
  "account-unblocked": "A block is lifted, or ends by itself.",
  "role-granted": "Somebody is given a role.",
  "role-withdrawn": "Somebody’s role is withdrawn.",
  "account-digest": "Something waits for a manager, as often as the rules say.",
  "reset-password": "Somebody asks by username for another password.",
  "password-changed": "A password was changed.",
  "account-stays-blocked": "Somebody who is blocked asks for another password.",
  "second-factor-reset": "An administrator has reset somebody’s second factor.",
  "deletion-requested": "Somebody asks for the own account to be deleted.",
  "deletion-withdrawn": "That request is withdrawn, or has ended.",
  "deletion-done": "An account was deleted, as its user wanted.",
};
