// The steps of histories: each does the same to the model and, by the interface or the server's jobs, to the product,
// and compares what both say; afterwards everybody is compared.

import { accounts, invitations, organisations, sessions, verdicts, type MailKind } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import type { AsyncCommand } from "fast-check";
import { expect } from "vitest";

import { examplePassword } from "../../example-people.ts";
import { testMaking } from "../../facts/testing.ts";
import { exampleNow, type ExampleApp } from "../../http/testing/app.ts";
import { endDueBlocks } from "../../jobs/accounts.ts";
import { openMailsOf } from "../../mails/testing/outbox.ts";
import { runInactivity } from "../commands/inactivity.ts";
import {
  disabledOn,
  does,
  isSetAbove,
  statusOf,
  type Administrator,
  type Link,
  type Person,
  type World,
} from "./model.ts";

/** The product, with the same people in the same order. */
export interface Real {
  readonly example: ExampleApp;
  readonly organisationId: OrganisationId;
  readonly people: readonly { readonly userId: UserId; readonly username: string }[];
  readonly tokens: Readonly<Record<Administrator, string>>;
}

type RealPerson = Real["people"][number];
export type Step = AsyncCommand<World, Real>;

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error("steps name people that there are");
  return item;
}

async function answer(
  { example }: Real,
  { method, path }: { method: string; path: string },
  sending: { token?: string; body?: unknown; headers?: Record<string, string> },
): Promise<string> {
  const { status, body } = await example.send(method, path, sending);
  return status < 300 ? "done" : (body.code ?? String(status));
}

const pathOf = (path: string, { organisationId }: Real, { userId }: RealPerson) =>
  path.replace(":organisationId", organisationId).replace(":userId", userId);

const linkKinds = {
  invitation: "activate-account",
  reEnabling: "re-enable-account",
} as const satisfies Record<string, MailKind>;

/** What the user finds in a mail that just went out: the newest of its kind. */
async function fetchSecrets(world: World, { example, people }: Real): Promise<void> {
  for (const [index, person] of world.people.entries()) {
    for (const [field, kind] of Object.entries(linkKinds)) {
      const link: Link | null = person[field as keyof typeof linkKinds];
      if (link?.secret !== "") continue;
      const [newest] = await openMailsOf(example, at(people, index).userId, kind);
      link.secret = newest?.secret ?? "none";
    }
  }
}

const instantOf = (milliseconds: number | null) =>
  milliseconds === null ? null : new Date(milliseconds).toISOString();

/** Status, bars, who may lift them, and the clock. */
async function compare(world: World, real: Real): Promise<void> {
  for (const [index, person] of world.people.entries()) {
    const ofUser = at(real.people, index);
    const read = async (path: string, by: Administrator) =>
      (await real.example.send("GET", pathOf(path, real, ofUser), { token: real.tokens[by] })).body;
    const { status, account, block, disabledAt, ...times } = await read(
      accounts.showAccount.path,
      "authority-administrator",
    );
    const shown = block as { role: string; until: string | null } | null;
    const rules: Record<string, unknown> = {};
    const asked = person.block === null ? [] : (["authority-administrator", "organisation-manager"] as const);
    for (const by of asked) {
      const { rule } = await read(`${verdicts.showVerdict.path}?action=unblock-account`, by);
      rules[by] = rule;
    }
    expect(
      {
        ...{ status, account, block: shown && { role: shown.role, until: shown.until } },
        isDisabled: disabledAt !== null,
        activeAt: times["activeAt"],
        warnedAt: times["warnedAt"],
        disabledOn: times["disabledOn"],
        mayLift: person.block && rules,
      },
      `person ${index}`,
    ).toEqual(foretold(world, person));
  }
}

function foretold(world: World, person: Person) {
  const { account, block, isDisabled, activeAt, warnedAt } = person;
  const ruleFor = (by: Administrator) => (isSetAbove(world, person, by) ? "not-set-above" : "granted");
  const isCounted = account === "active";
  return {
    ...{ status: statusOf(world, person), account, isDisabled },
    block: block && { role: block.role, until: instantOf(block.until) },
    activeAt: isCounted ? instantOf(activeAt) : null,
    warnedAt: isCounted && !isDisabled ? instantOf(warnedAt) : null,
    disabledOn: instantOf(disabledOn(world, person)),
    mayLift: block && {
      "authority-administrator": ruleFor("authority-administrator"),
      "organisation-manager": ruleFor("organisation-manager"),
    },
  };
}

interface Telling {
  readonly says: string;
  /** What the model answers. */
  readonly foretell: (world: World) => string;
  /** What the product answers; asked first, as the model changes by answering. */
  readonly carryOut: (real: Real, world: World) => Promise<string>;
  readonly isPossible?: (world: Readonly<World>) => boolean;
}

/** All but when somebody asked for a mail, which alone makes no difference. */
const told = (world: Readonly<World>) =>
  JSON.stringify(world, (name, value: unknown) => (name === "askedAt" ? undefined : value));

/** Of the steps that change nothing only the bold ones are taken. */
function changesSomething(world: Readonly<World>, foretell: Telling["foretell"]): boolean {
  const after = structuredClone(world);
  foretell(after);
  return told(after) !== told(world);
}

function step({ says, foretell, carryOut, isPossible = () => true }: Telling, isBold: boolean): Step {
  return {
    check: (world) => isPossible(world) && (isBold || changesSomething(world, foretell)),
    run: async (world, real) => {
      const answered = await carryOut(real, world);
      expect(answered, says).toBe(foretell(world));
      await fetchSecrets(world, real);
      await compare(world, real);
    },
    toString: () => says,
  };
}

export const ofAdministrators = {
  block: { endpoint: accounts.blockAccount, foretell: does.block },
  unblock: { endpoint: accounts.unblockAccount, foretell: does.unblock },
  invite: { endpoint: invitations.inviteAccount, foretell: does.invite },
  resend: { endpoint: invitations.resendInvitation, foretell: does.resend },
  withdraw: { endpoint: invitations.withdrawInvitation, foretell: does.withdraw },
} as const;

export interface Ordered {
  readonly action: keyof typeof ofAdministrators;
  readonly who: number;
  readonly by: Administrator;
  /** Of a block. */
  readonly days: number | null;
}

export function administrate({ action, who, by, days }: Ordered, isBold: boolean): Step {
  const { endpoint, foretell } = ofAdministrators[action];
  const end = ({ now }: World) => (days === null ? null : now + days * 86_400_000);
  const isBlock = action === "block";
  const telling: Telling = {
    says: `${by}: ${action} ${who}${isBlock && days !== null ? ` for ${days} days` : ""}`,
    foretell: (world) => foretell(world, at(world.people, who), { by, until: end(world) }),
    carryOut: (real, world) => {
      const path = pathOf(endpoint.path, real, at(real.people, who));
      const body = isBlock ? { body: { reason: "Left", until: instantOf(end(world)) } } : {};
      return answer(real, { method: endpoint.method, path }, { token: real.tokens[by], ...body });
    },
  };
  return step(telling, isBold);
}

const post =
  (path: string, bodyOf: (person: Person, real: RealPerson) => unknown, who: number) =>
  (real: Real, world: World): Promise<string> =>
    answer(real, { method: "POST", path }, { body: bodyOf(at(world.people, who), at(real.people, who)) });

const secretOf = (link: Link | null) => link?.secret ?? "none";
const password = examplePassword;

const ofOwners = {
  "sign in": (who: number): Telling => ({
    says: `${who}: sign in`,
    foretell: (world) => does.signIn(world, at(world.people, who)),
    carryOut: post(sessions.signIn.path, (_, { username }) => ({ username, password }), who),
  }),
  activate: (who: number): Telling => ({
    says: `${who}: activate`,
    isPossible: ({ people }) => at(people, who).invitation !== null,
    foretell: (world) => does.activate(world, at(world.people, who)),
    carryOut: post(
      invitations.activateAccount.path,
      ({ invitation }) => ({ secret: secretOf(invitation), password }),
      who,
    ),
  }),
  "ask for the mail": (who: number): Telling => ({
    says: `${who}: ask for the mail`,
    foretell: (world) => does.ask(world, at(world.people, who)),
    carryOut: async (real, world) => {
      const asked = post(invitations.askToReEnable.path, (_, { username }) => ({ username }), who);
      const answered = await asked(real, world);
      await real.example.runMails();
      return answered;
    },
  }),
  confirm: (who: number): Telling => ({
    says: `${who}: confirm`,
    isPossible: ({ people }) => at(people, who).reEnabling !== null,
    foretell: (world) => does.confirm(world, at(world.people, who)),
    carryOut: post(
      invitations.reEnableAccount.path,
      ({ reEnabling }) => ({ secret: secretOf(reEnabling) }),
      who,
    ),
  }),
} as const;

export const own = (action: keyof typeof ofOwners, who: number, isBold: boolean): Step =>
  step(ofOwners[action](who), isBold);

const authority = "authority-administrator";

export function turn(isOff: boolean): Step {
  const telling: Telling = {
    says: `${authority}: switch the organisation ${isOff ? "off" : "on"}`,
    foretell: (world) => {
      world.isOff = isOff;
      return "done";
    },
    carryOut: (real) =>
      edit(real, organisations.showOrganisation, organisations.switchOrganisation, { on: !isOff }),
  };
  return step(telling, false);
}

export function rule(isStrict: boolean): Step {
  const telling: Telling = {
    says: `${authority}: let unblocking be ${isStrict ? "strict" : "compatible"}`,
    foretell: (world) => {
      world.isStrict = isStrict;
      return "done";
    },
    carryOut: (real) =>
      edit(real, accounts.showAccountRules, accounts.setAccountRules, {
        unblocking: isStrict ? "strict" : "compatible",
      }),
  };
  return step(telling, false);
}

/** From the revision that there is. */
async function edit(
  real: Real,
  show: { path: string },
  change: { method: string; path: string },
  body: unknown,
): Promise<string> {
  const token = real.tokens[authority];
  const of = (path: string) => path.replace(":organisationId", real.organisationId);
  const { body: shown } = await real.example.send("GET", of(show.path), { token });
  const headers = { "if-match": `"${String(shown["revision"])}"` };
  return answer(real, { method: change.method, path: of(change.path) }, { token, body, headers });
}

const { keyEncryption } = testMaking();

/** Later those who act would not be signed in any more. */
const lastAt = exampleNow.getTime() + 280 * 86_400_000;

/** Time passes, and whatever happens by time happens. */
export function pass(hours: number): Step {
  const telling: Telling = {
    says: `${hours} hours pass`,
    isPossible: ({ now }) => now + hours * 3_600_000 <= lastAt,
    foretell: (world) => {
      does.passTime(world);
      return "done";
    },
    carryOut: async ({ example, organisationId }, world) => {
      world.now += hours * 3_600_000;
      example.now = new Date(world.now);
      const around = { database: example.database, clock: () => example.now, keyEncryption };
      await endDueBlocks({ ...around, onPosted: () => undefined });
      await runInactivity(around, organisationId);
      return "done";
    },
  };
  return step(telling, true);
}
