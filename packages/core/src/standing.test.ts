import { expect, test } from "vitest";

import { encryptionStatuses, encryptionStatusOf, type EncryptionStatus } from "./encryption.ts";
import { activationCodes, everyEncryptionFacts, seatStates, type Facts } from "./facts.ts";
import { inOrder } from "./examples.ts";
import { conditions, standingOf } from "./standing.ts";

const mark = (holds: boolean, word: string) => (holds ? word : "-").padEnd(word.length);

/** Facts on which the advice does not depend are written once. */
function everyFacts(): Facts[] {
  return everyEncryptionFacts()
    .flatMap((encryption) => activationCodes.map((activationCode) => ({ encryption, activationCode })))
    .flatMap((facts) => seatStates.map((seats) => ({ ...inOrder, ...facts, seats })))
    .filter(({ encryption: { licence, activated }, activationCode, seats }) => {
      const codeMatters = licence !== "none" && !activated;
      return (codeMatters || activationCode === "none") && (licence === "none" || seats === "free");
    });
}

function asRow(facts: Facts): string {
  const { licence, directory, activated, teamContent, ownContent, ownKeys, outstanding } = facts.encryption;
  const { encryption, reasons, next } = standingOf(facts);
  const codes = reasons.map(({ code }) => code).join(" ");
  return [
    `licence ${licence}`.padEnd(15),
    `directory ${directory}`.padEnd(17),
    (activated ? "activated" : `code ${facts.activationCode}`).padEnd(16),
    `team ${teamContent}`.padEnd(12),
    `own ${ownContent}`.padEnd(11),
    mark(ownKeys, "own-keys"),
    mark(outstanding, "outstanding"),
    mark(facts.seats === "exhausted", "no-seats"),
    `=> ${encryption.padEnd(15)}`,
    `because ${codes || "all is well"}; next ${next.map(({ code }) => code).join(", then ") || "nothing"}`,
  ].join("  ");
}

test("standing.table.txt says what every combination of facts means", async () => {
  await expect(`${everyFacts().map(asRow).join("\n")}\n`).toMatchFileSnapshot("./standing.table.txt");
});

test("INV-1: every combination of facts has exactly one of the seven statuses, and each occurs", () => {
  const seen = new Set<EncryptionStatus>();
  for (const facts of everyEncryptionFacts()) seen.add(encryptionStatusOf(facts));
  expect([...seen].sort()).toEqual(Object.keys(encryptionStatuses).sort());
});

test("a user for whom all is in order is active, with no reason and nothing to do", () => {
  expect(standingOf(inOrder)).toMatchObject({
    encryption: "active",
    account: "enabled",
    reasons: [],
    next: [],
  });
});

test("INV-2: red wins over orange when a new change arrives while an update is on its way", () => {
  const encryption = { ...inOrder.encryption, outstanding: true };
  expect(encryptionStatusOf(encryption)).toBe("update-pending");
  expect(encryptionStatusOf({ ...encryption, teamContent: "differs" })).toBe("update-required");
});

test("purple is green with keys of one's own: no Key-File is needed", () => {
  const standing = standingOf({ ...inOrder, encryption: { ...inOrder.encryption, ownKeys: true } });
  expect(standing).toMatchObject({ encryption: "additional-keys", next: [] });
});

test("an unlicensed directory user whose account is gone shows no licence, not orphaned", () => {
  const facts = { ...inOrder.encryption, licence: "none", directory: "missing" } as const;
  expect(encryptionStatusOf(facts)).toBe("unlicensed");
});

test("an orphan keeps the condition that he needs an update", () => {
  const encryption = { ...inOrder.encryption, directory: "missing", teamContent: "differs" } as const;
  const standing = standingOf({ ...inOrder, encryption });
  expect(standing.encryption).toBe("orphaned");
  expect(standing.conditions).toContainEqual({ type: "content-matches", holds: false });
  expect(standing.reasons.map(({ code }) => code)).toEqual(["directory-missing", "team-content-differs"]);
});

test("a disabled directory account is told of whoever is linked, changes no status and orphans nobody", () => {
  for (const encryption of everyEncryptionFacts()) {
    const [enabled, disabled] = (["enabled", "disabled"] as const).map((directoryAccount) =>
      standingOf({ ...inOrder, encryption, directoryAccount }),
    );
    const isTold = disabled?.reasons.some(({ code }) => code === "directory-account-disabled");
    expect(isTold).toBe(encryption.directory === "linked");
    expect({ ...disabled, reasons: [] }).toEqual({ ...enabled, reasons: [] });
  }
});

test("an expired licence changes no colour; renewing is a step in every state", () => {
  for (const facts of everyEncryptionFacts().filter(({ licence }) => licence === "held")) {
    const expired = { ...facts, licence: "expired" } as const;
    expect(encryptionStatusOf(expired)).toBe(encryptionStatusOf(facts));
    const { next } = standingOf({ ...inOrder, encryption: expired });
    expect(next.map(({ code }) => code)).toContain("renew-licence");
  }
});

test("without a free seat nobody is told to generate a code that would be refused", () => {
  const encryption = { ...inOrder.encryption, licence: "none", activated: false } as const;
  const { next } = standingOf({ ...inOrder, encryption, seats: "exhausted" });
  expect(next.map(({ code }) => code)).toEqual(["add-seats"]);
});

test("a blocked user's account comes before the Key-File, which would be refused", () => {
  const encryption = { ...inOrder.encryption, teamContent: "differs" } as const;
  const { next } = standingOf({ ...inOrder, encryption, account: { ...inOrder.account, blocked: true } });
  expect(next.map(({ code }) => code)).toEqual(["unblock-account", "post-key-file"]);
});

test("conditions say for every combination of facts what they promise", () => {
  for (const facts of everyEncryptionFacts()) {
    const reasons = standingOf({ ...inOrder, encryption: facts }).reasons.map(({ code }) => code);
    const differs = reasons.includes("team-content-differs") || reasons.includes("own-keys-changed");
    expect(conditions["content-matches"](facts)).toBe(!differs);
    expect(conditions["updates-delivered"](facts)).toBe(!reasons.includes("update-outstanding"));
  }
});
