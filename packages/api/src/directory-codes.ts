// What becomes of people when a directory is read, and why it could not be read: codes with their sentences. Codes are
// forever: add, never rename.

export const planActions = ["create", "update", "link", "relink", "orphan", "remove", "skip"] as const;
export type PlanAction = (typeof planActions)[number];

interface PlanCodeShape {
  readonly action: PlanAction;
  readonly meaning: string;
  /** What to do about it; nothing, where nothing is wrong. */
  readonly remedy: string;
  /** Whether the next runs put it right without anybody here. */
  readonly heals: boolean;
}

const nothingToDo = "Nothing has to be done.";

export const planCodes = {
  "new-person": {
    action: "create",
    meaning: "The person is in the directory and not here yet, and is added without a licence.",
    remedy: nothingToDo,
    heals: false,
  },
  "chosen-person": {
    action: "create",
    meaning: "Somebody chose to import this person.",
    remedy: nothingToDo,
    heals: false,
  },
  "values-changed": {
    action: "update",
    meaning: "The directory says something else of the user now.",
    remedy: nothingToDo,
    heals: false,
  },
  "account-disabled-there": {
    action: "update",
    meaning: "The directory account was disabled. The user is not an orphan: the account is still there.",
    remedy: "If the person has left, deactivate the workstations and take the licence seat back.",
    heals: true,
  },
  "account-enabled-there": {
    action: "update",
    meaning: "The directory account is enabled again.",
    remedy: nothingToDo,
    heals: false,
  },
  "chosen-user": {
    action: "link",
    meaning: "Somebody said that this is a user who is here already.",
    remedy: nothingToDo,
    heals: false,
  },
  returned: {
    action: "relink",
    meaning: "The directory account is back, so the user is no orphan any more.",
    remedy: nothingToDo,
    heals: false,
  },
  revived: {
    action: "relink",
    meaning: "The directory account is back, and with it the user who was removed when it was gone.",
    remedy: "The user holds no licence; assign one if it is needed.",
    heals: false,
  },
  "linked-again": {
    action: "relink",
    meaning:
      "The directory account is back, and the user, who had kept the own account here, is linked again.",
    remedy: nothingToDo,
    heals: false,
  },
  "gone-licensed": {
    action: "orphan",
    meaning:
      "The directory account is gone, and the user still holds a licence, so the user is kept as an orphan.",
    remedy: "Unlink the user to keep the licence, or deactivate the workstations and remove the user.",
    heals: true,
  },
  "gone-active": {
    action: "orphan",
    meaning:
      "The directory account is gone. The user holds no licence and is still active on a workstation, so nobody is removed.",
    remedy: "Deactivate the workstations, then remove the user; or unlink the user.",
    heals: true,
  },
  "gone-unlicensed": {
    action: "remove",
    meaning:
      "The directory account is gone, and the user holds neither a licence nor an account, so the user is removed.",
    remedy: "Nothing has to be done: should the directory account come back, so does the user.",
    heals: true,
  },
  "gone-keeps-account": {
    action: "remove",
    meaning:
      "The directory account is gone. The user can sign in here, so the account is kept and only unlinked.",
    remedy: "If the person has left, block the account.",
    heals: true,
  },
  "name-missing": {
    action: "skip",
    meaning: "The directory has no name for this person.",
    remedy: "Fill the attribute in, or choose another one in the directory's settings.",
    heals: true,
  },
  "username-missing": {
    action: "skip",
    meaning: "The directory has nothing that a username can be made of.",
    remedy: "Fill the attribute in, or choose another one in the directory's settings.",
    heals: true,
  },
  "value-invalid": {
    action: "skip",
    meaning: "The name or the username is too long, or has characters that it cannot have.",
    remedy: "Correct it in the directory.",
    heals: true,
  },
  "unit-invalid": {
    action: "skip",
    meaning: "A unit above this person has a name that no team can have.",
    remedy: "Rename the unit, or let people go to one team.",
    heals: true,
  },
  "username-of-another": {
    action: "skip",
    meaning: "The username belongs to a user here who is not linked to this directory account.",
    remedy: "If both are the same person, link them by hand. Nobody is ever linked by name or mail.",
    heals: false,
  },
  "username-given-before": {
    action: "skip",
    meaning: "The username was given before, and is never given a second time.",
    remedy: "Change it in the directory; if a removed user was the same person, link them by hand.",
    heals: false,
  },
  "username-repeated": {
    action: "skip",
    meaning: "Another directory account has the same username and comes first.",
    remedy: "Give one of the two another username in the directory.",
    heals: true,
  },
  "new-but-disabled": {
    action: "skip",
    meaning: "The directory account is disabled, so the person is not imported.",
    remedy: "Nothing has to be done; enable it in the directory, or choose the person.",
    heals: true,
  },
  ignored: {
    action: "skip",
    meaning: "Somebody decided to leave this person alone.",
    remedy: "Unignore the person to import, or link, again.",
    heals: false,
  },
  "linked-elsewhere": {
    action: "skip",
    meaning: "A user is linked to the same directory account by another directory of this organisation.",
    remedy: "Let only one directory see this person: change the base or the filter of the other.",
    heals: false,
  },
  "chosen-user-linked": {
    action: "skip",
    meaning: "The user that was chosen is linked to another directory account, which is still there.",
    remedy: "Unlink that user first, or choose another one.",
    heals: false,
  },
} as const satisfies Readonly<Record<string, PlanCodeShape>>;

export type PlanCode = keyof typeof planCodes;

/** Why a directory could not be read, or not whole. */
export const runFailures = {
  unreachable: {
    sentence: "The directory cannot be reached.",
    remedy: "Check the name, the port, and whether a firewall lets this server through.",
  },
  "timed-out": {
    sentence: "The directory did not answer in time.",
    remedy: "Check whether it is overloaded, and whether the filter's attributes have an index there.",
  },
  "certificate-expired": {
    sentence: "The directory's certificate has expired, or is not valid yet.",
    remedy: "Renew it on the directory. Nothing was sent to it.",
  },
  "certificate-untrusted": {
    sentence: "The directory's certificate was not issued by an authority that is trusted here.",
    remedy: "Give the certificate of the issuing authority in the directory's settings.",
  },
  "certificate-name-differs": {
    sentence: "The directory's certificate is for another name than the one given here.",
    remedy: "Give the name that stands in the certificate.",
  },
  "tls-refused": {
    sentence: "The directory and this server find no way to encrypt what they say.",
    remedy: "Check the port, and whether ldaps or StartTLS is what the directory offers there.",
  },
  "password-refused": {
    sentence: "The directory does not accept the account that reads, or its password.",
    remedy:
      "Correct it in the directory's settings. Until then nothing is tried by time, so that the account is not locked.",
  },
  "account-not-usable": {
    sentence: "The account that reads is disabled, locked or expired, or its password has to be changed.",
    remedy: "Put the account right in the directory, then start a run. Until then nothing is tried by time.",
  },
  "base-missing": {
    sentence: "There is no entry at the base, or the account may not see it.",
    remedy: "Correct the base in the directory's settings.",
  },
  "filter-invalid": {
    sentence: "The directory does not understand the filter.",
    remedy: "Correct the filter in the directory's settings.",
  },
  "reading-refused": {
    sentence: "The account may not read there.",
    remedy: "Give the account the right to read people below the base.",
  },
  "size-limited": {
    sentence: "The directory gives no more entries than a limit allows, so not everybody was read.",
    remedy: "Raise the limit for the account that reads, or read a smaller part.",
  },
  "ids-unreadable": {
    sentence: "Some entries have no id that the account may read, so it is not known who they are.",
    remedy: "Let the account read objectGUID or entryUUID.",
  },
  "referrals-left": {
    sentence: "The directory pointed to other directories, which were not asked.",
    remedy: "Ask the global catalogue, or add those directories each on its own.",
  },
  interrupted: {
    sentence: "The connection broke while the directory was read.",
    remedy: "Nothing has to be done; it is tried again.",
  },
  "directory-failed": {
    sentence: "The directory answered with an error that this server does not know.",
    remedy: "The log of the directory says more.",
  },
  "server-failed": {
    sentence: "This server could not finish the run.",
    remedy: "The log of this server says why; then start a run.",
  },
} as const satisfies Readonly<Record<string, { sentence: string; remedy: string }>>;

export type RunFailure = keyof typeof runFailures;
