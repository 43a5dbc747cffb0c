// Every kind of event with its sentence. Kinds are forever: add, never rename.

/** What a sentence can speak of. */
interface Told {
  readonly kind: string;
  readonly team: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

const word = (value: unknown) =>
  typeof value === "string" || typeof value === "number" ? String(value) : "unknown";

/** A role as it is said: "organisation manager". */
const roleIn = (role: unknown) => word(role).replaceAll("-", " ");

const triedIn: Readonly<Record<string, string>> = {
  strangers: "in browsers that are new to the account",
  "known-browser": "in a browser of the user",
  session: "by somebody who is signed in and would change the password",
};

const eventKinds = {
  "organisation-created": () => "The organisation was created.",
  "organisation-disabled": () => "The organisation was switched off.",
  "organisation-renamed": ({ detail }) =>
    `The organisation ${word(detail["from"])} is now called ${word(detail["to"])}.`,
  "organisation-deleted": ({ detail }) => `The organisation ${word(detail["name"])} was deleted.`,
  "authority-deleted": ({ detail }) =>
    `The authority ${word(detail["name"])} was deleted with its organisations.`,
  "organisation-erased": ({ detail }) =>
    `Everybody of the organisation was erased: ${word(detail["people"])} people.`,
  "keys-exported": ({ detail }) => `${word(detail["keys"])} keys were written to a recovery file.`,
  "organisation-enabled": () => "The organisation was switched on again.",
  "team-created": ({ team }) => `The team ${team ?? ""} was created.`,
  "team-policy-changed": ({ team }) => `The policy of ${team ?? "a team"} was changed.`,
  "team-reverted": ({ team, detail }) =>
    `${team ?? "A team"} was given back its revision ${word(detail["to"])}.`,
  "team-groups-changed": ({ team }) => `The encryption groups of ${team ?? "a team"} were changed.`,
  "team-renamed": ({ detail }) => `The team ${word(detail["from"])} is now called ${word(detail["to"])}.`,
  "team-deleted": ({ detail }) => `The team ${word(detail["name"])} was deleted.`,
  "workstation-team-created": ({ detail }) => `The workstation team ${word(detail["name"])} was created.`,
  "workstation-team-deleted": ({ detail }) => `The workstation team ${word(detail["name"])} was deleted.`,
  "workstation-policy-changed": ({ detail }) =>
    `The policy of the workstation team ${word(detail["name"])} was changed.`,
  "key-created": ({ detail }) => `The key ${word(detail["key"])} was created.`,
  "key-renamed": ({ detail }) => `The key ${word(detail["from"])} is now called ${word(detail["to"])}.`,
  "key-version-retired": ({ detail }) =>
    `Version ${word(detail["version"])} of the key ${word(detail["key"])} was retired.`,
  "key-version-restored": ({ detail }) =>
    `Version ${word(detail["version"])} of the key ${word(detail["key"])} opens files again.`,
  "key-encryption-key-rotated": ({ detail }) =>
    `The key-encryption key got version ${word(detail["version"])}.`,
  "group-created": ({ detail }) => `The encryption group ${word(detail["group"])} was created.`,
  "group-renamed": ({ detail }) =>
    `The encryption group ${word(detail["from"])} is now called ${word(detail["to"])}.`,
  "group-keys-changed": ({ detail }) =>
    `The keys of the encryption group ${word(detail["group"])} were changed.`,
  "team-moved": ({ team }) => `The team ${team ?? ""} was moved.`,
  "key-rotated": ({ detail }) => `The key ${word(detail["key"])} got version ${word(detail["version"])}.`,
  "user-added": ({ team, detail }) => {
    const from = detail["directory"] === undefined ? "" : ` from the directory ${word(detail["directory"])}`;
    return `The user was added to ${team ?? "a team"}${from}.`;
  },
  "user-edited": () => "The user's name or mail address was changed.",
  "organisations-imported": ({ detail }) =>
    `An import of organisations and their people from ${word(detail["file"])} was started.`,
  "people-imported": ({ detail }) => `An import of people from ${word(detail["file"])} was started.`,
  "people-exported": ({ detail }) => `${word(detail["people"])} people were written to a file.`,
  "user-moved": ({ team }) => `The user was moved to ${team ?? "a team"}.`,
  "user-removed": () => "The user was removed.",
  "own-keys-changed": () => "The user's own encryption groups were changed.",
  "account-invited": () => "The account was created and the activation mail sent.",
  "invitation-resent": () => "Another activation mail was posted, and the link of the former one is void.",
  "invitation-withdrawn": () => "The account, which was never activated, was taken back.",
  "re-enabling-asked": () => "A mail with which the account is enabled again was asked for.",
  "re-enabling-confirmed": () => "The user confirmed by mail that the account is still wanted.",
  "mail-opened": ({ detail }) =>
    `A mail to the user was opened by a system administrator: ${word(detail["mail"])}.`,
  "mail-server-changed": ({ detail }) =>
    `Mails are handed to the server ${word(detail["host"])} from now on.`,
  "mail-server-removed": ({ detail }) =>
    `Mails are not handed to the server ${word(detail["host"])} any more: they wait.`,
  "mail-template-changed": ({ detail }) =>
    `What mails of the kind ${word(detail["mail"])} say was changed (${word(detail["language"])}).`,
  "mail-template-reset": ({ detail }) =>
    `Mails of the kind ${word(detail["mail"])} say again what they said first (${word(detail["language"])}).`,
  "password-forgotten": () => "A mail to choose the password anew was asked for by the username.",
  "password-reset": () => "The user chose another password by mail, and was signed out everywhere.",
  "password-changed": () => "The user changed the password, and was signed out everywhere else.",
  "passwords-refused": ({ detail }) =>
    `Too many passwords were wrong ${triedIn[word(detail["place"])] ?? "somewhere"}: there none is taken until ${word(detail["until"]).slice(0, 16).replace("T", " ")} UTC.`,
  "sessions-ended": ({ detail }) =>
    detail["count"] === 1
      ? "The user signed out in another browser."
      : `The user signed out in ${word(detail["count"])} other browsers.`,
  "token-made": ({ detail }) => `The user made the token ${word(detail["token"])}.`,
  "token-ended": ({ detail }) => `The user ended the token ${word(detail["token"])}.`,
  "account-activated": () => "The account was activated.",
  "account-blocked": ({ detail }) =>
    typeof detail["until"] === "string"
      ? `The account was blocked until ${detail["until"].slice(0, 10)}.`
      : "The account was blocked.",
  "account-unblocked": () => "The account was unblocked.",
  "block-changed": () => "The reason or the end of the block was changed.",
  "inactivity-warned": ({ detail }) =>
    `The user was warned that the account is disabled on ${word(detail["on"]).slice(0, 10)} unless it is used.`,
  "inactivity-held": ({ detail }) =>
    `${word(detail["due"])} of ${word(detail["accounts"])} accounts would be disabled for inactivity, so nobody is until it is confirmed.`,
  "inactivity-confirmed": ({ detail }) =>
    `It was confirmed that ${word(detail["due"])} accounts are disabled for inactivity.`,
  "account-exempted": () => "The account is not disabled for inactivity from now on.",
  "exemption-ended": () => "The account is disabled for inactivity again like any other.",
  "block-ended": () => "The block ended by itself.",
  "second-factor-set": () => "The user set up a second factor.",
  "second-factor-ended": () => "The user switched the second factor off.",
  "second-factor-reset": () => "The second factor was taken away by an administrator.",
  "recovery-codes-replaced": () => "The user made new recovery codes.",
  "recovery-code-used": ({ detail }) => `A recovery code was used; ${word(detail["left"])} are left.`,
  "single-sign-on-changed": ({ detail }) =>
    `People sign in by ${word(detail["provider"])} from now on, if they wish.`,
  "single-sign-on-removed": ({ detail }) => `Nobody signs in by ${word(detail["provider"])} any more.`,
  "single-sign-on-linked": () => "The user signed in by the provider for the first time.",
  "single-sign-on-unlinked": () => "It was forgotten who the user is at the provider.",
  "single-sign-on-refused": () =>
    "Somebody else came by the provider under the user's name, and was refused.",
  "role-granted": ({ detail }) => `The user was made ${roleIn(detail["role"])} in ${word(detail["place"])}.`,
  "role-withdrawn": ({ detail }) =>
    `The user is no longer ${roleIn(detail["role"])} in ${word(detail["place"])}.`,
  "account-rules-changed": () => "The organisation's rules for accounts were changed.",
  "account-disabled": () => "The account was disabled for inactivity.",
  "account-enabled": () => "The account was enabled.",
  "deletion-requested": ({ detail }) =>
    `The user asked for the account to be deleted on ${word(detail["on"]).slice(0, 10)}.`,
  "deletion-withdrawn": () => "The request to delete the account was withdrawn.",
  "account-deleted": () => "The account was deleted, and everything of the user erased but the username.",
  "licence-added": ({ detail }) => `A licence with ${word(detail["seats"])} seats was added.`,
  "licence-renewed": ({ detail }) => `The licence is now valid until ${word(detail["until"])}.`,
  "licence-changed": ({ detail }) => `The licence now has ${word(detail["seats"])} seats.`,
  "licence-replaced": () => "The licence was replaced by another one.",
  "licence-suspended": () => "The licence was suspended, and every seat of it freed.",
  "licence-resumed": () => "The licence gives seats again.",
  "licence-assigned": () => "The user took a licence seat.",
  "licence-returned": () => "The user's licence seat went back to its pool.",
  "activation-code-issued": () => "An activation code was issued.",
  "workstation-activated": ({ detail }) => `The user was activated on ${word(detail["workstation"])}.`,
  "workstation-deactivated": ({ detail }) => `The user was deactivated on ${word(detail["workstation"])}.`,
  "key-file-posted": ({ detail }) =>
    detail["workstation"] === undefined
      ? "A Key-File was posted."
      : `A Key-File was posted to ${word(detail["workstation"])}.`,
  "command-posted": ({ detail }) =>
    `The command ${word(detail["command"])} was posted to ${word(detail["workstation"])}.`,
  "key-file-processed": ({ detail }) =>
    `${word(detail["workstation"])} reported that it holds version ${word(detail["version"])}.`,
  "activation-code-voided": () => "The activation code was taken back.",
  "code-reused": ({ detail }) =>
    `Somebody else tried to activate with the same code on ${word(detail["workstation"])}.`,
  "key-file-rejected": ({ detail }) =>
    `${word(detail["workstation"])} refused a Key-File: ${word(detail["code"])}.`,
  "key-file-failed": ({ detail }) =>
    `${word(detail["workstation"])} could not apply version ${word(detail["version"])}: ${word(detail["code"])}.`,
  "command-processed": ({ detail }) =>
    `${word(detail["workstation"])} carried out the command ${word(detail["command"])}.`,
  "command-failed": ({ detail }) =>
    `${word(detail["workstation"])} could not carry out the command ${word(detail["command"])}: ${word(detail["code"])}.`,
  "update-cancelled": () => "An update was cancelled before the workstation had it.",
  "box-refused": ({ detail }) =>
    `${word(detail["workstation"])} refused something that this server did not put: ${word(detail["code"])}.`,
  "report-foreign": ({ detail }) =>
    `A report in the name of ${word(detail["workstation"])} was not taken: ${word(detail["code"])}.`,
  "workstation-cloned": ({ detail }) =>
    `Two machines continue the reports of ${word(detail["workstation"])}.`,
  "workstation-lost": ({ detail }) => `${word(detail["workstation"])} was declared lost.`,
  "workstation-moved": ({ detail }) =>
    `${word(detail["workstation"])} was put into the workstation team ${word(detail["team"])}.`,
  "server-behind": ({ detail }) =>
    `${word(detail["workstation"])} holds version ${word(detail["version"])}, which this server never made.`,
  "directory-linked": () => "The user was linked to a directory account.",
  "directory-missing": () => "The user's directory account is gone.",
  "directory-unlinked": () => "The user was unlinked from the directory.",
  "directory-account-disabled": () => "The user's directory account was disabled.",
  "directory-account-enabled": () => "The user's directory account was enabled again.",
  "user-revived": () => "The user is back, as the directory account is.",
  "directory-added": ({ detail }) => `The directory ${word(detail["directory"])} was added.`,
  "directory-changed": ({ detail }) =>
    `The settings of the directory ${word(detail["directory"])} were changed.`,
  "directory-removed": ({ detail }) => `The directory ${word(detail["directory"])} was forgotten.`,
  "directory-failing": ({ detail }) =>
    `The directory ${word(detail["directory"])} cannot be read. ${word(detail["sentence"])}`,
  "directory-recovered": ({ detail }) => `The directory ${word(detail["directory"])} can be read again.`,
  "directory-plan-held": ({ detail }) =>
    `A plan for the directory ${word(detail["directory"])} is held: ${word(detail["vanishing"])} of ${word(detail["linked"])} users would vanish.`,
  "directory-plan-confirmed": ({ detail }) =>
    `It was confirmed that ${word(detail["vanishing"])} users vanish from the directory ${word(detail["directory"])}.`,
  "directory-run-cancelled": ({ detail }) =>
    `A run of the directory ${word(detail["directory"])} was cancelled.`,
  "directory-entries-ignored": ({ detail }) =>
    `${word(detail["count"])} people of the directory ${word(detail["directory"])} are left alone.`,
  "directory-entries-unignored": ({ detail }) =>
    `${word(detail["count"])} people of the directory ${word(detail["directory"])} are left alone no longer.`,
  "root-created": () => "The organisation got its root, and with it the keys that sign for it.",
  "root-renewed": ({ detail }) =>
    `The root was signed for another two years, as version ${word(detail["version"])}.`,
  "root-key-exported": () => "It was confirmed that the key files were copied to a safe place.",
  "epoch-raised": ({ detail }) => `Epoch ${word(detail["epoch"])} began, as after a restored backup.`,
  "issuer-key-rotated": ({ detail }) =>
    `A new key signs Key-Files and orders, from version ${word(detail["version"])} of the root on.`,
  "pulse-key-rotated": ({ detail }) =>
    `A new key signs pulses, from version ${word(detail["version"])} of the root on.`,
} as const satisfies Record<string, (told: Told) => string>;

export type EventKind = keyof typeof eventKinds;

const isKnown = (kind: string): kind is EventKind => Object.hasOwn(eventKinds, kind);

/** The sentence of an event; one of a newer server shows its kind. */
export function sentenceOf(told: Told): string {
  return isKnown(told.kind) ? eventKinds[told.kind](told) : told.kind;
}
