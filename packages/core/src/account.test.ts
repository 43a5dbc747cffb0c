import { expect, test } from "vitest";

import {
  accountAfter,
  accountEvents,
  accountReasonsOf,
  accountStateOf,
  accountStates,
  accountStatusOf,
  type AccountState,
} from "./account.ts";
import { inOrder } from "./examples.ts";
import { everyAccountFacts, everyAccountMarks, type AccountFacts } from "./facts.ts";

function asRow(facts: AccountFacts): string {
  const reasons = accountReasonsOf(facts);
  return [
    accountStateOf(facts).padEnd(16),
    `organisation ${facts.organisation}`.padEnd(21),
    `authority ${facts.authority}`.padEnd(17),
    `=> ${accountStatusOf(facts).padEnd(8)}`,
    `because ${reasons.map(({ code }) => code).join(" ") || "all is well"};`,
    `next ${reasons.flatMap(({ step }) => step ?? []).join(", ") || "nothing"}`,
  ].join("  ");
}

test("account.table.txt says what every combination of marks means", async () => {
  await expect(`${everyAccountFacts().map(asRow).join("\n")}\n`).toMatchFileSnapshot("./account.table.txt");
});

test("account-events.table.txt says what every event does in every state", async () => {
  const states = Object.keys(accountStates) as AccountState[];
  const rows = states.flatMap((state) =>
    accountEvents.map((event) => {
      const after = accountAfter(accountStates[state], event);
      const outcome = "refused" in after ? `refused ${after.refused}` : accountStateOf(after.marks);
      return `${state.padEnd(16)}  ${event.padEnd(19)}  => ${outcome}`;
    }),
  );
  await expect(`${rows.join("\n")}\n`).toMatchFileSnapshot("./account-events.table.txt");
});

test("every possible combination of marks has a name of its own", () => {
  const names = everyAccountMarks().map(accountStateOf);
  expect(new Set(names).size).toBe(names.length);
  expect([...names].sort()).toEqual(Object.keys(accountStates).sort());
  for (const marks of everyAccountMarks()) expect(accountStates[accountStateOf(marks)]).toEqual(marks);
});

test("blocked and disabled may stand at once; blocked is what shows, and only unblocking is offered", () => {
  const both: AccountFacts = { ...inOrder.account, blocked: true, disabled: true };
  expect(accountStatusOf(both)).toBe("blocked");
  expect(accountReasonsOf(both).map(({ code, step }) => [code, step])).toEqual([
    ["blocked", "unblock-account"],
    ["disabled-for-inactivity", null],
  ]);
});

test("unblocking also enables", () => {
  expect(accountAfter(accountStates["blocked+disabled"], "unblock")).toEqual({
    marks: accountStates.enabled,
  });
});

test("who was blocked before activating is pending again after unblocking", () => {
  expect(accountAfter(accountStates["pending+blocked"], "unblock")).toEqual({ marks: accountStates.pending });
});

test("nobody but the system disables, and no administrator clears it", () => {
  for (const state of ["enabled", "disabled", "blocked", "blocked+disabled", "pending"] as const) {
    expect(accountAfter(accountStates[state], "set-disabled")).toEqual({ refused: "account_system_only" });
    expect(accountAfter(accountStates[state], "clear-disabled")).toEqual({ refused: "account_system_only" });
  }
});

test("nobody re-enables himself while blocked", () => {
  expect(accountAfter(accountStates["blocked+disabled"], "re-enable")).toEqual({
    refused: "account_blocked",
  });
});

test("an invited account that is never activated does not idle", () => {
  expect(accountAfter(accountStates.pending, "find-inactive")).toEqual({ marks: accountStates.pending });
});

test("deleted is the end: no event leads out of it", () => {
  for (const event of accountEvents) {
    const after = accountAfter(accountStates.deleted, event);
    if ("marks" in after) expect(after.marks).toEqual(accountStates.deleted);
  }
});

test("switching an organisation off and on again returns everybody exactly", () => {
  for (const facts of everyAccountFacts().filter(({ organisation }) => organisation === "enabled")) {
    const off: AccountFacts = { ...facts, organisation: "disabled" };
    expect(accountStatusOf({ ...off, organisation: "enabled" })).toBe(accountStatusOf(facts));
  }
});
