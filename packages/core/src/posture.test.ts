import { expect, test } from "vitest";

import { parseDay } from "./day.ts";
import { encryptionStatusOf } from "./encryption.ts";
import { parseId, type ContentId } from "./ids.ts";
import {
  encryptionFactsOf,
  postureOf,
  type ActiveActivation,
  type Expectation,
  type PostedUpdate,
  type UserFacts,
} from "./posture.ts";

const content = (letter: string): ContentId => parseId(`018f0000-0000-7000-8000-00000000000${letter}`);
const [empty, before, now, own] = [content("0"), content("1"), content("2"), content("3")];

const expectation: Expectation = {
  desiredTeamContentId: now,
  emptyContentId: empty,
  licenceUntil: null,
  today: parseDay("2026-03-01"),
};

const upToDate: ActiveActivation = { appliedTeam: now, appliedOwn: empty, updates: [] };

const bo: UserFacts = {
  teamId: parseId("018f0000-0000-7000-8000-0000000000aa"),
  licenceId: parseId("018f0000-0000-7000-8000-0000000000bb"),
  directory: "none",
  account: "active",
  blocked: false,
  disabled: false,
  ownContent: empty,
  activations: [upToDate],
};

function keyFile(version: number, team: ContentId, state: PostedUpdate["state"] = "posted"): PostedUpdate {
  return { kind: "key-file", scope: "user", state, keyFile: { version, team, own: empty } };
}
const command = (kind: PostedUpdate["kind"], scope: PostedUpdate["scope"] = "user"): PostedUpdate => ({
  kind,
  scope,
  state: "posted",
  keyFile: null,
});

function statusOf(user: UserFacts, changes: Partial<Expectation> = {}): string {
  return encryptionStatusOf(encryptionFactsOf(postureOf(user, empty), { ...expectation, ...changes }));
}
const withUpdates = (...updates: PostedUpdate[]): UserFacts => ({
  ...bo,
  activations: [{ appliedTeam: before, appliedOwn: empty, updates }],
});

test("a workstation that holds what the team should have is green", () => {
  expect(statusOf(bo)).toBe("active");
});

test("a changed team is red, and the reverted change is green again", () => {
  expect(statusOf(bo, { desiredTeamContentId: before })).toBe("update-required");
  expect(statusOf(bo, { desiredTeamContentId: now })).toBe("active");
});

test("a posted Key-File counts as held: orange, and red again when the team changes once more", () => {
  expect(statusOf(withUpdates(keyFile(2, now)))).toBe("update-pending");
  expect(statusOf(withUpdates(keyFile(2, now)), { desiredTeamContentId: before })).toBe("update-required");
});

test("of two posted Key-Files the newer counts, in whatever order they are read", () => {
  expect(statusOf(withUpdates(keyFile(2, before), keyFile(3, now)))).toBe("update-pending");
  expect(statusOf(withUpdates(keyFile(3, now), keyFile(2, before)))).toBe("update-pending");
});

test.each(["rejected", "failed", "cancelled", "superseded", "processed"] as const)(
  "a Key-File that is %s counts no longer: what was applied does",
  (state) => {
    expect(statusOf(withUpdates(keyFile(2, now, state)))).toBe("update-required");
  },
);

test("two workstations that hold different contents are red whatever the team should have", () => {
  const two: UserFacts = { ...bo, activations: [upToDate, { ...upToDate, appliedTeam: before }] };
  expect(statusOf(two)).toBe("update-required");
  expect(statusOf(two, { desiredTeamContentId: before })).toBe("update-required");
});

test("a workstation that is being deactivated keeps the user orange, and its content counts no longer", () => {
  const leaving: ActiveActivation = { ...upToDate, appliedTeam: before, updates: [command("deactivate")] };
  expect(statusOf({ ...bo, activations: [leaving] })).toBe("update-pending");
  expect(statusOf({ ...bo, activations: [upToDate, leaving] })).toBe("update-pending");
});

test("a command colours the user orange; a workstation policy colours the workstation alone", () => {
  expect(statusOf({ ...bo, activations: [{ ...upToDate, updates: [command("lock")] }] })).toBe(
    "update-pending",
  );
  const policy = command("workstation-policy", "workstation");
  expect(statusOf({ ...bo, activations: [{ ...upToDate, updates: [policy] }] })).toBe("active");
});

test("own keys that every workstation holds are purple; before they arrive, red", () => {
  const keys: UserFacts = { ...bo, ownContent: own };
  expect(statusOf(keys)).toBe("update-required");
  expect(statusOf({ ...keys, activations: [{ ...upToDate, appliedOwn: own }] })).toBe("additional-keys");
});

test("without a seat the wanted content is empty, so an emptied workstation matches", () => {
  const suspended: UserFacts = { ...bo, licenceId: null, ownContent: own };
  const facts = (user: UserFacts) => encryptionFactsOf(postureOf(user, empty), expectation);
  expect(facts(suspended)).toMatchObject({ licence: "none", teamContent: "differs" });
  const emptied: UserFacts = { ...suspended, activations: [{ ...upToDate, appliedTeam: empty }] };
  expect(facts(emptied)).toMatchObject({ teamContent: "matches", ownContent: "matches" });
});

test("a licence covers the whole of its last day", () => {
  const facts = (today: string) =>
    encryptionFactsOf(postureOf(bo, empty), {
      ...expectation,
      licenceUntil: parseDay("2026-03-01"),
      today: parseDay(today),
    });
  expect(facts("2026-03-01").licence).toBe("held");
  expect(facts("2026-03-02").licence).toBe("expired");
});
