// The screens about what travels to workstations: codes, updates, machines and the relay.

import type { ActivationCode, Update, WorkstationDetail } from "@lockstep/api";
import type { Id, UpdateState } from "@lockstep/core";
import { encode } from "uqr";
import { expect, test } from "vitest";

import { widthOf } from "../layout.ts";
import { codeScreen, codesScreen } from "./activations.ts";
import { relayScreen } from "./sync.ts";
import { postingScreen, updatesScreen } from "./updates.ts";
import { exposureScreen, listScreen, showScreen } from "./workstations.ts";

const idOf = <Noun extends string>(number: number) =>
  `00000000-0000-7000-8000-${String(number).padStart(12, "0")}` as Id<Noun>;
const at = "2026-03-01T12:00:00.000Z";
const bo = { id: idOf<"user">(1), name: "Bo Lindqvist", username: "bo@northwind.example" };

const code = "01234-56789-01234-56789-01234";
const relay = encodeURIComponent("https://relay.northwind.example");
const link = `lockstep:activate#code=${code}&relay=${relay}`;

test("a code is shown to read, to click and to point a camera at, with when it ends", () => {
  const issued = { code, link, relays: [], expiresAt: at, hasTakenSeat: true };
  const lines = codeScreen(issued, bo).split("\n");
  expect(lines).toContain(`    ${code}`);
  expect(lines).toContain(link);
  expect(lines.at(-2)).toMatch(/once, until 2026-03-01 .* A licence seat was taken for it[.]$/);
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(100);
  // Two rows of modules stand in each line; a dark module is a gap, with a light border all around.
  const modules = encode(link, { ecc: "M", border: 2 }).data;
  const from = lines.indexOf(link) + 2;
  const drawn = lines.slice(from, from + Math.ceil(modules.length / 2));
  const light = { "█": [true, true], "▀": [true, false], "▄": [false, true], " ": [false, false] } as const;
  const seen = drawn.flatMap((line) => {
    const pairs = Array.from(line, (sign) => light[sign as keyof typeof light]);
    return [pairs.map(([above]) => !above), pairs.map(([, below]) => !below)];
  });
  expect(seen.slice(0, modules.length)).toEqual(modules);
});

test("without a new seat nothing is said of one", () => {
  const issued = { code, link, relays: [], expiresAt: at, hasTakenSeat: false };
  expect(codeScreen(issued, bo)).not.toContain("seat");
});

test("a code that the relay does not have yet waits, and one that was used says where", () => {
  const base = {
    id: idOf<"activation-code">(1),
    issuedAt: at,
    expiresAt: at,
    usedAt: null,
    workstation: null,
  };
  const codes: ActivationCode[] = [
    { ...base, state: "outstanding", isOffered: false },
    { ...base, state: "outstanding", isOffered: true },
    { ...base, state: "used", isOffered: true, usedAt: at, workstation: "WS-1" },
    { ...base, state: "voided", isOffered: false },
  ];
  const rows = codesScreen(codes).split("\n").slice(1);
  for (const [row, words] of ["waits for the relay", "outstanding", "used", "voided"].entries()) {
    expect(rows[row]).toContain(words);
  }
  expect(rows[2]).toMatch(/WS-1$/);
  expect(codesScreen([])).toBe("None.");
});

function updateOf(state: UpdateState, more: Partial<Update>): Update {
  const things = { user: bo, workstation: { id: idOf<"workstation">(1), name: "WS-1" } };
  const times = { postedAt: at, deliveredAt: null, fetchedAt: null, endedAt: null };
  const none = { version: null, isCancelAsked: false, outcome: null, detail: null };
  return { id: idOf(1), kind: "lock", state, by: "Ada Holm", ...things, ...times, ...none, ...more };
}

test("an update says what it is, how far it has come, and why it failed", () => {
  const rows = updatesScreen([
    updateOf("posted", { kind: "key-file", version: 17 }),
    updateOf("fetched", { isCancelAsked: true }),
    updateOf("cancelled", { isCancelAsked: true }),
    updateOf("rejected", { kind: "key-file", version: 18, outcome: "ROLLBACK" }),
  ]).split("\n");
  expect(rows[1]).toMatch(/key-file 17 +posted +Bo Lindqvist +WS-1 +Ada Holm/);
  expect(rows[2]).toMatch(/lock +fetched, asked back +Bo/);
  expect(rows[3]).toMatch(/lock +cancelled +Bo/);
  expect(rows[4]).toMatch(/key-file 18 +rejected: ROLLBACK +Bo/);
});

test("a posting that found nobody says so", () => {
  const posting = { id: idOf<"posting">(1), done: 0, startedAt: at, endedAt: at };
  expect(postingScreen({ ...posting, users: 0, posted: 0 })).toBe("Nobody requires a Key-File.");
  expect(postingScreen({ ...posting, users: 1, posted: 2 })).toBe("Posted 2 Key-Files to 1 person.");
});

function machineOf(more: Partial<WorkstationDetail>): WorkstationDetail {
  const teamId = idOf<"workstation-team">(1);
  return {
    id: idOf(1),
    name: "WS-1",
    os: null,
    teamId,
    states: ["normal"],
    lostAt: null,
    activations: [],
    ...more,
  };
}
const active = {
  id: idOf<"activation">(1),
  user: bo,
  version: 0,
  admittedAt: at,
  lastReportAt: null,
  openedAt: null,
  keystore: null,
  client: null,
};

test("the list of workstations has everybody on each, and the newest report of any of them", () => {
  const ada = { id: idOf<"user">(2), name: "Ada Holm" };
  const both = [
    { ...active, lastReportAt: "2026-03-01T10:00:00.000Z" },
    { ...active, user: ada, lastReportAt: "2026-03-02T10:00:00.000Z" },
    { ...active, user: ada },
  ];
  const rows = listScreen([
    machineOf({ activations: both, states: ["cloned", "requires-policy-update"] }),
    machineOf({ name: "WS-2" }),
  ]).split("\n");
  expect(rows[1]).toMatch(/^WS-1 +cloned[?], requires policy update +Bo Lindqvist, Ada Holm.* +2026-03-02/);
  expect(rows[2]).toMatch(/^WS-2 +normal +– +–$/);
});

test("a workstation says who is active on it, and that a Key-File has not been applied yet", () => {
  expect(showScreen(machineOf({ activations: [active] }), "Kiosks")).toMatch(/Bo Lindqvist +– +– +– +– +–$/);
  const lost = showScreen(machineOf({ states: ["lost"], lostAt: at }), "Kiosks");
  expect(lost).toMatch(/team +Kiosks\n/);
  expect(lost).toMatch(/declared lost +2026-03-01/);
  expect(lost).toMatch(/Nobody is active on it[.]$/);
});

test("the exposure tells which keys have to be rotated", () => {
  const key = { id: idOf<"key">(1), name: "Finance" };
  const rows = exposureScreen({
    exposed: [
      { key, version: 1, from: at, isInUse: false },
      { key, version: 2, from: at, isInUse: true },
    ],
  }).split("\n");
  expect(rows[1]).toMatch(/Finance +1 +2026-03-01 +use another$/);
  expect(rows[2]).toMatch(/Finance +2 +2026-03-01 +use it: rotate the key$/);
  expect(exposureScreen({ exposed: [] })).toBe("It was never sent a key.");
});

test("what went wrong with the relay stands beside when it last went well", () => {
  const state = { relay: "https://relay.example", syncedAt: at, failedAt: null, failure: null, toDeliver: 1 };
  expect(relayScreen(state)).toMatch(/to deliver +1 parcel$/);
  expect(relayScreen(state)).not.toContain("failed");
  const failed = relayScreen({ ...state, syncedAt: null, failedAt: at, failure: "the relay is away" });
  expect(failed).toMatch(/last exchange +never\nfailed +2026-03-01 .*: the relay is away/);
  expect(relayScreen({ ...state, relay: null })).toMatch(/^The server has no relay/);
});
