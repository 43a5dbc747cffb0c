// What becomes of everybody in a directory, and of everybody who is not in it any more. Pure: from what was read and what
// is known here to one row for each person, and to whether a plan must be held. People are matched by the directory's
// immutable id alone, never by a name or a mail address.

import { planCodes, shapes, type PlanAction, type PlanCode } from "@lockstep/api";
import type { TeamId, UserId } from "@lockstep/core";

import { remembering } from "./remembering.ts";

/** The immutable id of an entry: objectGUID, entryUUID. */
export type ObjectId = string;

/** Somebody as the directory tells; values are empty where it tells nothing. */
export interface Entry {
  readonly objectId: ObjectId;
  readonly dn: string;
  readonly name: string;
  readonly username: string;
  readonly email: string | null;
  /** The names of the units above, from below the base down. */
  readonly units: readonly string[];
  readonly isDisabled: boolean;
}

/** What somebody here decided about an entry. */
export interface Choice {
  readonly kind: "none" | "import" | "ignore";
  readonly teamId: TeamId | null;
  /** The user that the entry is said to be. */
  readonly userId: UserId | null;
  /** The user that it was linked to last. */
  readonly formerUserId: UserId | null;
}

/** A user, also a removed one. */
export interface Person {
  readonly id: UserId;
  readonly username: string;
  readonly name: string;
  readonly email: string | null;
  readonly teamId: TeamId;
  readonly isRemoved: boolean;
  readonly hasAccount: boolean;
  readonly isLicensed: boolean;
  /** On a workstation, or something is on its way to one. */
  readonly isActive: boolean;
  readonly link: {
    readonly objectId: ObjectId;
    readonly state: "linked" | "missing";
    readonly isDisabled: boolean;
    /** By the directory that is being planned for, or by another one. */
    readonly isOurs: boolean;
  } | null;
}

/** Where somebody's team is: known, or the names that are still to be made below the last team that there is. */
export type Placement = { readonly teamId: TeamId; readonly missing: readonly string[] };

export interface Settings {
  readonly mode: "manual" | "team" | "units";
  /** Whether people change teams when they change units. */
  readonly follows: boolean;
  /** Where people, or the teams of units, go. */
  readonly teamId: TeamId;
}

/** What is known here of the entries that a plan is about. */
export interface Known {
  readonly choices: ReadonlyMap<ObjectId, Choice>;
  /** By id: everybody linked to one of them, chosen or remembered for one, or with a username of theirs. */
  readonly people: ReadonlyMap<UserId, Person>;
  /** Whose each username is that was ever given; null for somebody of another organisation. */
  readonly usernames: ReadonlyMap<string, UserId | null>;
  /** Before these another entry that was read comes with the same username. */
  readonly repeated: ReadonlySet<ObjectId>;
  readonly teams: readonly { readonly id: TeamId; readonly parentId: TeamId | null; readonly name: string }[];
}

export interface Change {
  readonly name?: string;
  readonly email?: string | null;
  readonly isDisabled?: boolean;
  readonly placement?: Placement;
}

export interface PlanRow {
  readonly objectId: ObjectId;
  readonly action: PlanAction;
  readonly code: PlanCode;
  /** Whom it is about; of a skipped row whose username it is. */
  readonly userId: UserId | null;
  readonly dn: string;
  readonly name: string;
  readonly username: string | null;
  readonly change: Change;
}

/** Some of what was read, and of those who were linked and were not read. */
export interface Window {
  readonly entries: readonly Entry[];
  /** Empty unless everybody was read: only then is somebody proved to be gone. */
  readonly gone: readonly ObjectId[];
}

const notChosen: Choice = { kind: "none", teamId: null, userId: null, formerUserId: null };
const folded = (name: string) => name.normalize("NFC").toLowerCase();

/** One row for each person of whom something becomes different or is to be told, in the order of their ids. */
export function planWindow({ entries, gone }: Window, known: Known, settings: Settings): PlanRow[] {
  const linked = new Map<ObjectId, Person>();
  for (const person of known.people.values())
    if (person.link !== null) linked.set(person.link.objectId, person);
  const grounds: Grounds = { known, settings, linked, teamOf: placing(known.teams, settings) };
  const rows = [
    ...entries.map((entry) => rowOf(entry, grounds)),
    ...gone.map((objectId) => goneRowOf(linked.get(objectId))),
  ];
  return rows.filter((row) => row !== null).sort((a, b) => (a.objectId < b.objectId ? -1 : 1));
}

interface Grounds {
  readonly known: Known;
  readonly settings: Settings;
  readonly linked: ReadonlyMap<ObjectId, Person>;
  /** Undefined where a unit has a name that no team can have. */
  readonly teamOf: (units: readonly string[]) => Placement | undefined;
}

/** Whose username an entry with a lower id has too. */
export function repeatedOf(entries: readonly Entry[]): Set<ObjectId> {
  const firstOf = new Map<string, ObjectId>();
  for (const { username, objectId } of entries) {
    const before = firstOf.get(username);
    if (before === undefined || objectId < before) firstOf.set(username, objectId);
  }
  const repeated = entries.filter(({ username, objectId }) => firstOf.get(username) !== objectId);
  return new Set(repeated.map(({ objectId }) => objectId));
}

/** Where units lead, as far as there are teams: one for each, below the team that the settings name. */
export function placing(
  teams: Known["teams"],
  { mode, teamId }: Settings,
): (units: readonly string[]) => Placement | undefined {
  if (mode !== "units") return () => ({ teamId, missing: [] });
  const below = new Map(teams.map(({ id, parentId, name }) => [`${parentId ?? ""}|${folded(name)}`, id]));
  const placed = remembering((units) => {
    const names = (JSON.parse(units) as string[]).map((unit) => shapes.name.safeParse(unit));
    if (names.some(({ success }) => !success)) return undefined;
    let at = teamId;
    for (const [depth, { data = "" }] of names.entries()) {
      const next = below.get(`${at}|${folded(data)}`);
      if (next === undefined)
        return { teamId: at, missing: names.slice(depth).map(({ data: name = "" }) => name) };
      at = next;
    }
    return { teamId: at, missing: [] };
  });
  return (units) => placed(JSON.stringify(units));
}

function rowOf(entry: Entry, grounds: Grounds): PlanRow | null {
  const { objectId } = entry;
  const linked = grounds.linked.get(objectId);
  if (linked?.link?.isOurs === true) return keptRowOf(entry, linked, grounds);
  if (linked !== undefined) return skipped(entry, "linked-elsewhere", linked.id);
  const choice = grounds.known.choices.get(objectId) ?? notChosen;
  if (choice.kind === "ignore") return skipped(entry, "ignored", choice.formerUserId);
  return unlinkedRowOf(entry, choice, grounds);
}

/** Of somebody who is linked to nobody and not left alone. */
function unlinkedRowOf(entry: Entry, choice: Choice, grounds: Grounds): PlanRow | null {
  const personOf = (id: UserId | null) => (id === null ? undefined : grounds.known.people.get(id));
  const chosen = personOf(choice.userId);
  if (chosen !== undefined) return chosenRowOf(entry, chosen, grounds);
  const former = personOf(choice.formerUserId);
  if (former?.link === null) return backRowOf(entry, former, { choice, grounds });
  if (grounds.settings.mode === "manual" && choice.kind === "none") return null;
  return newRowOf(entry, choice, grounds);
}

/** Of somebody who is linked: what the directory says otherwise now, if anything. */
function keptRowOf(entry: Entry, person: Person, grounds: Grounds): PlanRow | null {
  const change = changeOf(entry, person, grounds);
  if (person.link?.state === "missing") return made(entry, "returned", { userId: person.id, change });
  if (Object.keys(change).length === 0) return null;
  const { isDisabled } = change;
  const code =
    isDisabled === undefined
      ? "values-changed"
      : isDisabled
        ? "account-disabled-there"
        : "account-enabled-there";
  return made(entry, code, { userId: person.id, change });
}

/** Of somebody who is said to be a user here. */
function chosenRowOf(entry: Entry, person: Person, grounds: Grounds): PlanRow {
  if (person.link !== null && person.link.state === "linked")
    return skipped(entry, "chosen-user-linked", person.id);
  return made(entry, "chosen-user", { userId: person.id, change: changeOf(entry, person, grounds) });
}

/** Of somebody who was linked before, and is not removed here by anybody while still in the directory. */
function backRowOf(
  entry: Entry,
  person: Person,
  { choice, grounds }: { choice: Choice; grounds: Grounds },
): PlanRow {
  if (person.isRemoved && entry.isDisabled && choice.kind === "none") {
    return skipped(entry, "new-but-disabled", person.id);
  }
  const change = changeOf(entry, person, grounds);
  return made(entry, person.isRemoved ? "revived" : "linked-again", { userId: person.id, change });
}

function newRowOf(entry: Entry, choice: Choice, grounds: Grounds): PlanRow {
  const fault = faultOf(entry);
  if (fault !== null) return skipped(entry, fault, null);
  const taken = takenRowOf(entry, grounds.known);
  if (taken !== null) return taken;
  const isChosen = choice.kind === "import";
  if (entry.isDisabled && !isChosen) return skipped(entry, "new-but-disabled", null);
  const placement = placementOf(entry, choice, grounds);
  if (placement === undefined) return skipped(entry, "unit-invalid", null);
  const { email, isDisabled } = entry;
  const change = { name: nameOf(entry), email, isDisabled, placement };
  return made(entry, isChosen ? "chosen-person" : "new-person", { userId: null, change });
}

/** Whether somebody else has, or had, the username. */
function takenRowOf(entry: Entry, { usernames, people, repeated }: Known): PlanRow | null {
  const username = usernameOf(entry);
  const owner = usernames.get(username);
  if (owner !== undefined) {
    const isHere = owner !== null && people.get(owner)?.isRemoved === false;
    return skipped(entry, isHere ? "username-of-another" : "username-given-before", owner);
  }
  return repeated.has(entry.objectId) ? skipped(entry, "username-repeated", null) : null;
}

/** As chosen, as long as there is that team; else as the settings say. */
function placementOf(
  { units }: Entry,
  { teamId }: Choice,
  { known, teamOf }: Grounds,
): Placement | undefined {
  const isThere = teamId !== null && known.teams.some(({ id }) => id === teamId);
  return isThere ? { teamId, missing: [] } : teamOf(units);
}

function faultOf({ name, username }: Entry): PlanCode | null {
  if (name.trim() === "") return "name-missing";
  if (username.trim() === "") return "username-missing";
  const isSound = shapes.name.safeParse(name).success && shapes.username.safeParse(username).success;
  return isSound ? null : "value-invalid";
}

/** As it is kept here; what cannot be kept stays as it was read. */
const nameOf = ({ name }: Entry) => shapes.name.safeParse(name).data ?? name;

/** As usernames are kept here. */
export const usernameOf = ({ username }: Pick<Entry, "username">): string =>
  shapes.username.safeParse(username).data ?? username;

/** What the directory says otherwise of a user. A name that cannot be one changes nothing. */
function changeOf(entry: Entry, person: Person, { settings, teamOf }: Grounds): Change {
  const { email, isDisabled } = entry;
  const { data: name = person.name } = shapes.name.safeParse(entry.name);
  const placement = settings.mode === "units" && settings.follows ? teamOf(entry.units) : undefined;
  const isElsewhere =
    placement !== undefined && (placement.missing.length > 0 || placement.teamId !== person.teamId);
  return {
    ...(name === person.name ? {} : { name }),
    ...(email === person.email ? {} : { email }),
    ...(isDisabled === (person.link?.isDisabled ?? false) ? {} : { isDisabled }),
    ...(isElsewhere ? { placement } : {}),
  };
}

/** Of somebody who was linked and is proved to be gone. */
function goneRowOf(person: Person | undefined): PlanRow | null {
  if (person?.link?.isOurs !== true) return null;
  // Whoever is an orphan already stays one for as long as there is something to lose.
  if (person.link.state === "missing" && (person.isLicensed || person.isActive)) return null;
  const { id: userId, name, username, link } = person;
  const code = goneCodeOf(person);
  return {
    objectId: link.objectId,
    action: planCodes[code].action,
    code,
    userId,
    dn: "",
    name,
    username,
    change: {},
  };
}

function goneCodeOf({ isLicensed, isActive, hasAccount }: Person): PlanCode {
  if (isLicensed) return "gone-licensed";
  if (isActive) return "gone-active";
  return hasAccount ? "gone-keeps-account" : "gone-unlicensed";
}

function made(
  entry: Entry,
  code: PlanCode,
  { userId, change }: { userId: UserId | null; change: Change },
): PlanRow {
  const { objectId, dn, name } = entry;
  const username = entry.username === "" ? null : usernameOf(entry);
  return { objectId, action: planCodes[code].action, code, userId, dn, name, username, change };
}

const skipped = (entry: Entry, code: PlanCode, userId: UserId | null) =>
  made(entry, code, { userId, change: {} });

/** Rows by which somebody here loses something. */
export function isVanishing({ action }: Pick<PlanRow, "action">): boolean {
  return action === "orphan" || action === "remove";
}

export interface Guard {
  /** So many may vanish at once, whatever the percentage says. */
  readonly least: number;
  readonly percent: number;
}

export type GuardVerdict =
  | { readonly isHeld: false }
  | { readonly isHeld: true; readonly rule: "everybody" | "half" | "many"; readonly limit: number };

/**
 * The mass-disappearance guard: more often than not it is the directory, the filter or the network that broke.
 * @param linked how many users were linked before.
 */
export function guardOf(
  { vanishing, linked }: { readonly vanishing: number; readonly linked: number },
  { least, percent }: Guard,
): GuardVerdict {
  const limit = Math.max(least, Math.floor((linked * percent) / 100));
  if (vanishing === 0) return { isHeld: false };
  if (vanishing >= linked) return { isHeld: true, rule: "everybody", limit };
  if (vanishing * 2 > linked) return { isHeld: true, rule: "half", limit };
  return vanishing > limit ? { isHeld: true, rule: "many", limit } : { isHeld: false };
}
