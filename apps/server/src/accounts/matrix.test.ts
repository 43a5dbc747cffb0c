// Every state of an account × every event × everybody who could cause it, in and out of scope, asked of the running
// interface. What it answers is matrix.table.txt, to be read; that it is what core says is compared, case by case.

import {
  accounts,
  authorities,
  inactivity,
  invitations,
  links,
  organisations,
  sessions,
  type Organisation,
} from "@lockstep/api";
import {
  accountAfter,
  accountStateOf,
  accountStates,
  accountStatusOf,
  can,
  sees,
  type AccountEvent,
  type AccountState,
  type Action,
  type Actor,
  type OrganisationId,
  type UserId,
} from "@lockstep/core";
import { beforeAll, beforeEach, expect, test } from "vitest";

import { sql } from "../db/sql.ts";
import { examplePassword } from "../example-people.ts";
import { exampleName } from "../example.ts";
import { changeFacts } from "../facts/change.ts";
import { exampleNow, useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation } from "../http/testing/organisation.ts";
import { issueLink } from "../links/commands.ts";
import type { LinkPurpose } from "../links/store.ts";
import { openMailsOf } from "../mails/testing/outbox.ts";
import { setOrganisationDisabled } from "../organisations/store.ts";
import { hashPassword } from "../sessions/password.ts";
import { putPassword } from "../sessions/store.ts";
import { findUser } from "../users/store.ts";
import { runInactivity } from "./commands/inactivity.ts";
import { addPerson, putInState, writingTo } from "./testing.ts";

const example = useExampleApp();
const states = Object.keys(accountStates) as AccountState[];
const day = 86_400_000;

const people = {
  "system-administrator": "sol",
  "authority-administrator": "noor",
  "organisation-manager": "ada",
  helpdesk: "emil",
  user: "ines",
} as const;
type Person = keyof typeof people;
const everybody = [...(Object.keys(people) as Person[]), "nobody"] as const;
type Somebody = (typeof everybody)[number];

const placeNames = [
  "the manager's organisation",
  "another organisation",
  "one that is switched off",
  "the authority's office",
  "the installation's office",
  "another authority's office",
] as const;
type PlaceName = (typeof placeNames)[number];
type Place = Organisation & { readonly userId: UserId; readonly username: string };

const places = new Map<PlaceName, Place>();
const homes = new Map<Person, Pick<Actor, "organisationId" | "authorityId">>();

function from<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value {
  const found = map.get(key);
  if (found === undefined) throw new Error("everything was set up");
  return found;
}

const turn = (organisationId: OrganisationId, at: Date | null) =>
  example.database.transaction((transaction) => setOrganisationDisabled(transaction, organisationId, at));

beforeAll(async () => {
  const mia = await example.callAs("mia");
  const other = await mia(authorities.createAuthority, { body: { name: "Accident Board" } });
  const [another, off] = [await makeOwnOrganisation(example), await makeOwnOrganisation(example)];
  const all = (await (await example.callAs("sol"))(organisations.listOrganisations)).organisations;
  const ours = all.find(({ name }) => name === exampleName);
  const isPlace: Record<PlaceName, (each: Organisation) => boolean> = {
    "the manager's organisation": ({ id }) => id === ours?.id,
    "another organisation": ({ id }) => id === another.params.organisationId,
    "one that is switched off": ({ id }) => id === off.params.organisationId,
    "the authority's office": ({ office, authorityId }) =>
      office === "authority" && authorityId === ours?.authorityId,
    "the installation's office": ({ office }) => office === "installation",
    "another authority's office": ({ id }) => id === other.officeId,
  };
  for (const name of placeNames) {
    const place = all.find(isPlace[name]);
    if (place === undefined) throw new Error(`there is no place ${name}`);
    places.set(name, { ...place, ...(await addPerson(example, place.id)) });
  }
  await turn(off.params.organisationId, exampleNow);
  const at = (name: PlaceName) => {
    const { id: organisationId, authorityId } = from(places, name);
    return { organisationId, authorityId };
  };
  homes.set("system-administrator", at("the installation's office"));
  homes.set("authority-administrator", at("the authority's office"));
  for (const role of ["organisation-manager", "helpdesk", "user"] as const) {
    homes.set(role, at("the manager's organisation"));
  }
});
beforeEach(() => {
  example.now = exampleNow;
});

async function stateOf({ id, userId }: Pick<Place, "id" | "userId">): Promise<AccountState> {
  const user = await example.database.read((reader) => findUser(reader, id, userId));
  if (user === undefined) throw new Error("nobody was removed");
  const { account, blocked, disabled } = user;
  return accountStateOf({ account, blocked, disabled });
}

/** What administrators can do to an account. `null`: it does not change the account's state. */
const events: Readonly<
  Record<
    string,
    {
      readonly endpoint: { readonly method: string; readonly path: string };
      readonly action: Action;
      readonly event: AccountEvent | null;
      readonly body?: unknown;
    }
  >
> = {
  block: {
    ...{ endpoint: accounts.blockAccount, action: "block-account", event: "block" },
    body: { reason: "Left the company" },
  },
  unblock: { endpoint: accounts.unblockAccount, action: "unblock-account", event: "unblock" },
  invite: { endpoint: invitations.inviteAccount, action: "invite-account", event: "invite" },
  "resend the invitation": {
    ...{ endpoint: invitations.resendInvitation, action: "resend-invitation", event: "resend-invitation" },
  },
  "withdraw the invitation": {
    ...{ endpoint: invitations.withdrawInvitation, action: "withdraw-invitation" },
    event: "withdraw-invitation",
  },
  exempt: {
    ...{ endpoint: inactivity.exemptUser, action: "edit-account-rules", event: null },
    body: { reason: "On call once a year" },
  },
};
const eventNames = Object.keys(events);

async function attempt(event: string, who: Somebody, { id, userId }: Place): Promise<string> {
  const { endpoint, body } = from(new Map(Object.entries(events)), event);
  const path = endpoint.path.replace(":organisationId", id).replace(":userId", userId);
  const token = who === "nobody" ? {} : { token: await example.tokenOf(people[who]) };
  const { status, body: answer } = await example.send(endpoint.method, path, { ...token, body });
  return status < 300 ? "done" : (answer.code ?? String(status));
}

/** Why core does not let somebody do it at all; null if it does. */
function deniedBy(event: string, who: Somebody, { id, authorityId, office, userId }: Place): string | null {
  if (who === "nobody") return "sign_in_required";
  const { action } = from(new Map(Object.entries(events)), event);
  const actor: Actor = { role: who, userId: "the actor", ...from(homes, who) };
  const target = { userId, organisationId: id, authorityId, office, isLastAdministrator: false };
  if (can(actor, action, target).allowed) return null;
  return sees([actor], { ...target, userId: null }) ? "permission_denied" : "organisation_not_found";
}

/** What core says becomes of the state, and of who asks. */
function expected(event: string, state: AccountState): { code: string; state: AccountState } {
  const { event: known } = from(new Map(Object.entries(events)), event);
  // What concerns no state is done in every one but the last.
  const unchanged = state === "deleted" ? { refused: "account_deleted" } : { marks: accountStates[state] };
  const after = known === null ? unchanged : accountAfter(accountStates[state], known);
  return "refused" in after
    ? { code: after.refused, state }
    : { code: "done", state: accountStateOf(after.marks) };
}

/** What the interface answered, by event and place and who; and by event and state, to whoever may. */
const answered = { who: new Map<string, string>(), then: new Map<string, string>() };

const cases = eventNames.flatMap((event) => placeNames.map((place) => [event, place] as const));

test.each(cases)(
  "INV-21: %s, in %s: everybody who may does what core says in every state, and nobody else does anything",
  async (event, placeName) => {
    const place = from(places, placeName);
    for (const who of everybody) {
      const denied = deniedBy(event, who, place);
      for (const state of states) {
        await putInState(example, place.id, { userId: place.userId, state });
        const outcome = { code: await attempt(event, who, place), state: await stateOf(place) };
        const wanted = denied === null ? expected(event, state) : { code: denied, state };
        expect(outcome, `${who}, ${state}`).toEqual(wanted);
        answered.who.set(`${event} ${placeName} ${who}`, denied === null ? "yes" : outcome.code);
        if (denied === null) {
          const shown = outcome.code === "done" ? outcome.state : outcome.code;
          answered.then.set(`${event} ${state}`, shown);
        }
      }
    }
  },
);

const hash = hashPassword(examplePassword);

async function withLink({ id, userId }: Place, purpose: LinkPurpose): Promise<string> {
  return changeFacts(writingTo(example), id, async (change) => {
    const { secret } = await issueLink(change, { userId, purpose });
    return secret;
  });
}

/** As if nobody had used the account for a hundred days, and a warning had gone out. */
async function makeIdle({ id, userId }: Place): Promise<void> {
  const [since, warned] = [100, 20].map((days) => new Date(example.now.getTime() - days * day));
  await example.database.transaction(async (transaction) => {
    await transaction.execute(
      sql`delete from inactivity_exemptions where organisation_id = ${id} and user_id = ${userId}`,
    );
    await transaction.execute(
      sql`update users set active_at = ${since} where organisation_id = ${id} and id = ${userId}`,
    );
    await transaction.execute(sql`
      insert into inactivity_warnings (organisation_id, user_id, active_at, days, recorded_at)
      values (${id}, ${userId}, ${since}, 14, ${warned}) on conflict do nothing`);
  });
}

const codeOf = ({ status, body }: { status: number; body: { code?: string } }) =>
  status < 300 ? "done" : (body.code ?? "");

/** What the owner of an account can do, and what the system does by itself; the answer, where there is one. */
const own: Readonly<Record<string, (place: Place) => Promise<string>>> = {
  "sign in": async ({ username }) => {
    const body = { username, password: examplePassword };
    return codeOf(await example.send("POST", sessions.signIn.path, { body }));
  },
  "ask for the mail": async ({ username, userId }) => {
    await example.database.transaction((transaction) =>
      transaction.execute(sql`delete from re_enabling_requests`),
    );
    const asked = await example.send("POST", invitations.askToReEnable.path, { body: { username } });
    await example.runMails();
    const mails = await openMailsOf(example, userId, "re-enable-account");
    return `${codeOf(asked)}, ${mails.length === 0 ? "no mail" : "mail"}`;
  },
  "confirm by link": async (place) => {
    const secret = await withLink(place, "re-enable-account");
    return codeOf(await example.send("POST", invitations.reEnableAccount.path, { body: { secret } }));
  },
  "activate by link": async (place) => {
    const secret = await withLink(place, "activate-account");
    const body = { secret, password: examplePassword };
    return codeOf(await example.send("POST", invitations.activateAccount.path, { body }));
  },
  "follow a link": async (place) => {
    const secret = await withLink(place, "activate-account");
    return codeOf(await example.send("POST", links.showLink.path, { body: { secret } }));
  },
  "be idle": async (place) => {
    await makeIdle(place);
    await runInactivity({ database: example.database, clock: () => example.now }, place.id);
    return "done";
  },
};

/** What core knows each of them by; the others change nothing. */
const known: Readonly<Record<string, AccountEvent>> = {
  "confirm by link": "re-enable",
  "activate by link": "activate",
  "be idle": "find-inactive",
};

const statusAt = (state: AccountState, organisation: "enabled" | "disabled") =>
  accountStatusOf({ ...accountStates[state], organisation, authority: "enabled" });

const bars: Readonly<Partial<Record<string, string>>> = {
  ...{ enabled: "done", blocked: "account_blocked", pending: "account_pending" },
  ...{ none: "sign_in_failed", deleted: "sign_in_failed" },
};

/** With the right password everybody hears what bars the account, and those without one nothing. */
function signInAnswer(state: AccountState, organisation: "enabled" | "disabled"): string {
  const status = statusAt(state, organisation);
  if (status !== "disabled") return bars[status] ?? status;
  return organisation === "disabled" ? "organisation_disabled" : "account_disabled";
}

/** What core says becomes of a state by itself or by the owner. */
function nextState(event: string, state: AccountState): AccountState {
  const coreEvent = known[event];
  const after = coreEvent === undefined ? undefined : accountAfter(accountStates[state], coreEvent);
  return after !== undefined && "marks" in after ? accountStateOf(after.marks) : state;
}

const ownCases = Object.keys(own).flatMap((event) =>
  (["enabled", "disabled"] as const).map((organisation) => [event, organisation] as const),
);

test.each(ownCases)(
  "%s, in an organisation that is %s: what becomes of an account in every state is what core says",
  async (event, organisation) => {
    const place = from(places, "another organisation");
    await example.database.transaction(async (transaction) => {
      await putPassword(transaction, place.id, { userId: place.userId, hash: await hash, at: example.now });
    });
    for (const state of states) {
      await putInState(example, place.id, { userId: place.userId, state });
      await example.database.transaction((transaction) => transaction.execute(sql`delete from mails`));
      if (organisation === "disabled") await turn(place.id, example.now);
      const answer = await from(new Map(Object.entries(own)), event)(place);
      const after = await stateOf(place);
      const { status } = await (
        await example.callAs("noor")
      )(accounts.showAccount, {
        params: { organisationId: place.id, userId: place.userId },
      });
      await turn(place.id, null);
      const next = organisation === "disabled" ? state : nextState(event, state);
      // A pending account is activated, and never enabled again; that changes nothing.
      expect(after, state).toBe(next);
      expect(status, state).toBe(statusAt(after, organisation));
      if (event === "sign in") expect(answer, state).toBe(signInAnswer(state, organisation));
      if (event === "ask for the mail") {
        const mailed = state === "disabled" && organisation === "enabled";
        expect(answer, state).toBe(`done, ${mailed ? "mail" : "no mail"}`);
      }
      const shown = after === state ? answer : `${answer}: ${after}`;
      answered.then.set(`${event}${organisation === "disabled" ? ", switched off" : ""} ${state}`, shown);
    }
  },
);

function asTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => (row[at] ?? "").length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd();
  return [head, ...rows].map(line).join("\n");
}

test("matrix.table.txt says who may cause what, where, and what becomes of every account", async () => {
  const who = eventNames.map((event) => {
    const rows = placeNames.map((place) => [
      `in ${place}`,
      ...everybody.map((each) => from(answered.who, `${event} ${place} ${each}`)),
    ]);
    return asTable([`Who may ${event}`, ...everybody], rows);
  });
  const then = [
    ...eventNames,
    ...ownCases.map(([event, on]) => `${event}${on === "disabled" ? ", switched off" : ""}`),
  ];
  const rows = then.map((event) => [
    event,
    ...states.map((state) => from(answered.then, `${event} ${state}`)),
  ]);
  const table = [...who, asTable(["And then", ...states], rows)].join("\n\n");
  await expect(`${table}\n`).toMatchFileSnapshot("./matrix.table.txt");
});
