// Every situation that somebody in a directory can be in, for the golden table of plans.

import type { TeamId, UserId } from "@lockstep/core";

import type { Choice, Entry, Person, Settings } from "../plan.ts";
import { entry, everybody, nobody, person, rootTeam, uuidOf, type Reading, type World } from "./world.ts";

interface Story {
  readonly title: string;
  readonly world?: World;
  readonly reading: Reading;
  readonly settings?: Settings;
}

export const manual: Settings = { ...everybody, mode: "manual" };
export const units: Settings = { ...everybody, mode: "units" };
export const following: Settings = { ...units, follows: true };

const all = (...entries: Entry[]): Reading => ({ entries, isComplete: true });
const here = (...people: Person[]): World => ({ ...nobody, people });
const chosen = (number: number, choice: Partial<Choice>): World["choices"] =>
  new Map([[uuidOf(number), { kind: "none", teamId: null, userId: null, formerUserId: null, ...choice }]]);
const choosing = (number: number, choice: Partial<Choice>, world: World = nobody): World => ({
  ...world,
  choices: chosen(number, choice),
});
const pilots = uuidOf(901) as TeamId;
const withPilots = (world: World): World => ({
  ...world,
  teams: [...world.teams, { id: pilots, parentId: rootTeam, name: "Pilots" }],
});
const linked = (number: number, more: Partial<NonNullable<Person["link"]>> = {}): Pick<Person, "link"> => ({
  link: { objectId: uuidOf(number), state: "linked", isDisabled: false, isOurs: true, ...more },
});
const missing = (number: number) => linked(number, { state: "missing" });
const former = { formerUserId: uuidOf(1001) as UserId };
const removed = { isRemoved: true, link: null };
const isThe = (number: number) => ({ kind: "import", userId: uuidOf(1000 + number) as UserId }) as const;
const same = "person-1@example.test";

const arriving: readonly Story[] = [
  { title: "somebody new", reading: all(entry(1)) },
  { title: "somebody new, in a manual directory", reading: all(entry(1)), settings: manual },
  {
    title: "... who was chosen",
    reading: all(entry(1)),
    settings: manual,
    world: choosing(1, { kind: "import" }),
  },
  {
    title: "... chosen for a team",
    reading: all(entry(1)),
    settings: manual,
    world: choosing(1, { kind: "import", teamId: pilots }, withPilots(nobody)),
  },
  {
    title: "... chosen for a team that is gone",
    reading: all(entry(1)),
    settings: manual,
    world: choosing(1, { kind: "import", teamId: pilots }),
  },
  {
    title: "a username that somebody elsewhere has",
    world: { ...nobody, takenElsewhere: [same] },
    reading: all(entry(1)),
  },
  {
    title: "two of one username",
    reading: all(entry(2, { username: "same@example.test" }), entry(1, { username: "same@example.test" })),
  },
  {
    title: "two of one mail address",
    reading: all(entry(1, { email: "team@example.test" }), entry(2, { email: "team@example.test" })),
  },
  { title: "no name", reading: all(entry(1, { name: "" })) },
  { title: "nothing to make a username of", reading: all(entry(1, { username: "" })) },
  { title: "a username with a space", reading: all(entry(1, { username: "person 1" })) },
  { title: "new and disabled", reading: all(entry(1, { isDisabled: true })) },
  {
    title: "new and disabled, and chosen",
    world: choosing(1, { kind: "import" }),
    reading: all(entry(1, { isDisabled: true })),
  },
];

const staying: readonly Story[] = [
  { title: "somebody who is here just so", world: here(person(1)), reading: all(entry(1)) },
  { title: "another name", world: here(person(1)), reading: all(entry(1, { name: "Prüfung Ω" })) },
  {
    title: "another mail address",
    world: here(person(1)),
    reading: all(entry(1, { email: "new@example.test" })),
  },
  { title: "no mail address any more", world: here(person(1)), reading: all(entry(1, { email: null })) },
  {
    title: "another username: it is never changed",
    world: here(person(1)),
    reading: all(entry(1, { username: "married@example.test" })),
  },
  {
    title: "no name any more: the old one stays",
    world: here(person(1)),
    reading: all(entry(1, { name: "" })),
  },
  { title: "disabled there", world: here(person(1)), reading: all(entry(1, { isDisabled: true })) },
  {
    title: "enabled again there",
    world: here(person(1, linked(1, { isDisabled: true }))),
    reading: all(entry(1)),
  },
  {
    title: "linked by another directory, and in this one",
    world: here(person(1, linked(1, { isOurs: false }))),
    reading: all(entry(1)),
  },
];

const leaving: readonly Story[] = [
  { title: "gone, licensed", world: here(person(1, { isLicensed: true, isActive: true })), reading: all() },
  { title: "gone, unlicensed", world: here(person(1)), reading: all() },
  {
    title: "gone, unlicensed, still on a workstation",
    world: here(person(1, { isActive: true })),
    reading: all(),
  },
  {
    title: "gone, unlicensed, with an account",
    world: here(person(1, { hasAccount: true })),
    reading: all(),
  },
  {
    title: "gone from a read that was not complete",
    world: here(person(1)),
    reading: { entries: [], isComplete: false },
  },
  { title: "still gone", world: here(person(1, { isLicensed: true, ...missing(1) })), reading: all() },
  { title: "still gone, and without a licence by now", world: here(person(1, missing(1))), reading: all() },
  {
    title: "linked by another directory, and not in this one",
    world: here(person(1, linked(1, { isOurs: false }))),
    reading: all(),
  },
];

const returning: readonly Story[] = [
  {
    title: "back, an orphan",
    world: here(person(1, { isLicensed: true, ...missing(1) })),
    reading: all(entry(1)),
  },
  {
    title: "back, with another name",
    world: here(person(1, { isLicensed: true, ...missing(1) })),
    reading: all(entry(1, { name: "New" })),
  },
  {
    title: "back, was removed",
    world: choosing(1, former, here(person(1, removed))),
    reading: all(entry(1)),
    settings: manual,
  },
  {
    title: "back, was removed, and is disabled there",
    world: choosing(1, former, here(person(1, removed))),
    reading: all(entry(1, { isDisabled: true })),
  },
  {
    title: "back, had kept the account",
    world: choosing(1, former, here(person(1, { hasAccount: true, link: null }))),
    reading: all(entry(1)),
  },
  {
    title: "removed here while still there",
    world: choosing(1, { ...former, kind: "ignore" }, here(person(1, removed))),
    reading: all(entry(1)),
  },
];

const namesakes: readonly Story[] = [
  {
    title: "the same name with a new id: the licensed one is an orphan, the new one waits",
    world: here(person(1, { isLicensed: true })),
    reading: all(entry(2, { username: same })),
  },
  {
    title: "the same name with a new id: the former one was removed, and the name is never given again",
    world: here(person(1, removed)),
    reading: all(entry(2, { username: same })),
  },
  {
    title: "said to be the orphan of the same name",
    world: choosing(2, isThe(1), here(person(1, { isLicensed: true, ...missing(1) }))),
    reading: all(entry(2, { username: same })),
  },
  {
    title: "said to be somebody who is linked to another",
    world: choosing(2, isThe(1), here(person(1))),
    reading: all(entry(1), entry(2)),
  },
  {
    title: "said to be somebody who was never linked",
    world: choosing(2, isThe(3), here(person(3, { link: null }))),
    reading: all(entry(2)),
  },
  {
    title: "the username of somebody here, who is never linked by it",
    world: here(person(3, { link: null, username: same })),
    reading: all(entry(1)),
  },
  {
    title: "the mail address of somebody here, which says nothing",
    world: here(person(3, { link: null, email: same })),
    reading: all(entry(1)),
  },
];

const inUnits: readonly Story[] = [
  {
    title: "a unit with a team",
    world: withPilots(nobody),
    reading: all(entry(1, { units: ["PILOTS"] })),
    settings: units,
  },
  {
    title: "units without teams",
    world: withPilots(nobody),
    reading: all(entry(1, { units: ["Pilots", "Süd", "A, B"] })),
    settings: units,
  },
  {
    title: "a unit with a name that no team can have",
    reading: all(entry(1, { units: ["x".repeat(201)] })),
    settings: units,
  },
  {
    title: "moved to another unit",
    world: withPilots(here(person(1))),
    reading: all(entry(1, { units: ["Pilots"] })),
    settings: units,
  },
  {
    title: "moved to another unit, and the directory leads",
    world: withPilots(here(person(1))),
    reading: all(entry(1, { units: ["Pilots"] })),
    settings: following,
  },
];

export const stories = [...arriving, ...staying, ...leaving, ...returning, ...namesakes, ...inUnits];
