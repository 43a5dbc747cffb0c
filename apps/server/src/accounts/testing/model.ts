// What accounts are, told once more and as simply as possible: in memory, for histories to be compared with. It knows
// nothing of core's tables, which is its use.

export type Administrator = "authority-administrator" | "organisation-manager";

export interface Link {
  secret: string;
  readonly expiresAt: number;
  /** Used, taken back, or of an account that was blocked since. */
  isVoid: boolean;
}

export interface Person {
  account: "none" | "pending" | "active";
  block: { role: Administrator; until: number | null } | null;
  isDisabled: boolean;
  /** From when days without activity count. */
  activeAt: number;
  /** When the first warning of being disabled went out, of this time without activity. */
  warnedAt: number | null;
  /** The latest mail by which the account is activated, or enabled again; null if there was none. */
  invitation: Link | null;
  reEnabling: Link | null;
  askedAt: number | null;
}

export interface World {
  now: number;
  isOff: boolean;
  isStrict: boolean;
  readonly people: readonly Person[];
}

const hour = 3_600_000;
const day = 24 * hour;
const inactiveDays = 90;
const warnedDays = 14;

export const newPerson = (account: Person["account"], now: number): Person => ({
  ...{ account, block: null, isDisabled: false, activeAt: now, warnedAt: null },
  ...{ invitation: null, reEnabling: null, askedAt: null },
});

export function statusOf({ isOff }: World, { account, block, isDisabled }: Person): string {
  if (block !== null) return "blocked";
  if (account === "none") return "none";
  if (isOff || isDisabled) return "disabled";
  return account === "pending" ? "pending" : "enabled";
}

/** When the system would disable it; null if it would not. */
export function disabledOn(
  { now }: World,
  { account, isDisabled, activeAt, warnedAt }: Person,
): number | null {
  if (account !== "active" || isDisabled) return null;
  return Math.max(activeAt + inactiveDays * day, (warnedAt ?? now) + warnedDays * day);
}

/** Whether the block that stands was set by somebody above, in an organisation that is strict about that. */
export const isSetAbove = ({ isStrict }: World, { block }: Person, by: Administrator) =>
  isStrict && block?.role === "authority-administrator" && by === "organisation-manager";

function restart(world: World, person: Person): void {
  person.activeAt = world.now;
  person.warnedAt = null;
}

const mailed = (world: World, hours: number): Link => ({
  secret: "",
  expiresAt: world.now + hours * hour,
  isVoid: false,
});

const isOpen = ({ now }: World, link: Link | null): link is Link =>
  link !== null && !link.isVoid && now < link.expiresAt;

function makeVoid(...these: readonly (Link | null)[]): void {
  for (const link of these) if (link !== null) link.isVoid = true;
}

function block(
  world: World,
  person: Person,
  { by, until }: { by: Administrator; until: number | null },
): string {
  if (isSetAbove(world, person, by)) return "permission_denied";
  if (person.account === "none") return "account_none";
  const isAbove = person.block?.role === "authority-administrator";
  person.block = { role: isAbove ? "authority-administrator" : by, until };
  makeVoid(person.invitation, person.reEnabling);
  return "done";
}

function unblock(world: World, person: Person, { by }: { by: Administrator }): string {
  if (isSetAbove(world, person, by)) return "permission_denied";
  if (person.account === "none") return "account_none";
  if (person.block === null) return "account_not_blocked";
  letIn(world, person);
  return "done";
}

/** What follows a block that ends. */
function letIn(world: World, person: Person): void {
  person.block = null;
  person.isDisabled = false;
  restart(world, person);
  if (person.account === "pending") person.invitation = mailed(world, 72);
}

function invite(world: World, person: Person): string {
  if (person.account !== "none") return "account_exists";
  person.account = "pending";
  person.invitation = mailed(world, 72);
  return "done";
}

function resend(world: World, person: Person): string {
  if (person.account === "none") return "account_none";
  if (person.account === "active") return "account_not_pending";
  if (person.block !== null) return "account_blocked";
  person.invitation = mailed(world, 72);
  return "done";
}

function withdraw(world: World, person: Person, { by }: { by: Administrator }): string {
  if (person.account === "none") return "account_none";
  if (person.account === "active") return "account_not_pending";
  if (isSetAbove(world, person, by)) return "permission_denied";
  person.account = "none";
  person.block = null;
  makeVoid(person.invitation);
  return "done";
}

function activate(world: World, person: Person): string {
  if (!isOpen(world, person.invitation)) return "link_not_found";
  if (world.isOff) return "organisation_disabled";
  person.account = "active";
  makeVoid(person.invitation);
  restart(world, person);
  return "done";
}

function signIn(world: World, person: Person): string {
  // Who was never activated has no password.
  if (person.account !== "active") return "sign_in_failed";
  if (person.block !== null) return "account_blocked";
  if (world.isOff) return "organisation_disabled";
  if (person.isDisabled) return "account_disabled";
  if (person.activeAt < world.now) restart(world, person);
  return "done";
}

/** With the job that answers. */
function ask(world: World, person: Person): string {
  if (person.askedAt !== null && world.now - person.askedAt < hour / 12) return "done";
  person.askedAt = world.now;
  if (!world.isOff && person.account === "active" && person.isDisabled && person.block === null) {
    person.reEnabling = mailed(world, 24);
  }
  return "done";
}

function confirm(world: World, person: Person): string {
  if (!isOpen(world, person.reEnabling)) return "link_not_found";
  if (world.isOff) return "organisation_disabled";
  // Enabled in another way meanwhile, so there is nothing that it could do.
  if (!person.isDisabled) return "link_not_found";
  person.isDisabled = false;
  makeVoid(person.reEnabling);
  restart(world, person);
  return "done";
}

function endBlock(world: World, person: Person): void {
  const until = person.block?.until ?? null;
  if (until !== null && until <= world.now) letIn(world, person);
}

function idle({ now }: World, person: Person): void {
  if (person.account !== "active" || person.isDisabled) return;
  const time = now - person.activeAt;
  if (time > (inactiveDays - warnedDays) * day) person.warnedAt ??= now;
  const isWarned = person.warnedAt !== null && now - person.warnedAt >= warnedDays * day;
  if (time > inactiveDays * day && isWarned) person.isDisabled = true;
}

/** What happens by time: dated blocks end, and idle accounts are warned and disabled. */
function passTime(world: World): void {
  for (const person of world.people) endBlock(world, person);
  if (world.isOff) return;
  for (const person of world.people) idle(world, person);
}

/** Each gives "done", or the code of the refusal; whoever asks may see the organisation. */
export const does = {
  block,
  unblock,
  invite,
  resend,
  withdraw,
  activate,
  signIn,
  ask,
  confirm,
  passTime,
} as const;
