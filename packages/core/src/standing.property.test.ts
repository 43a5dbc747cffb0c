import fc from "fast-check";
import { expect, test } from "vitest";

import {
  activationCodes,
  directoryAccounts,
  everyAccountFacts,
  everyEncryptionFacts,
  seatStates,
  type EncryptionFacts,
  type Facts,
} from "./facts.ts";
import { standingOf } from "./standing.ts";
import type { StepCode } from "./steps.ts";

const anyFacts: fc.Arbitrary<Facts> = fc.record({
  encryption: fc.constantFrom(...everyEncryptionFacts()),
  account: fc.constantFrom(...everyAccountFacts()),
  directoryAccount: fc.constantFrom(...directoryAccounts),
  activationCode: fc.constantFrom(...activationCodes),
  seats: fc.constantFrom(...seatStates),
});

type Comparison = EncryptionFacts["teamContent"];

/** What the facts look like once somebody has taken a step; `team` is what a comparison then finds. */
function after(step: StepCode, facts: Facts, team: Comparison): Facts {
  const encryption = (changes: Partial<EncryptionFacts>): Facts => ({
    ...facts,
    encryption: { ...facts.encryption, ...changes },
  });
  const licensed = { licence: "held", teamContent: facts.encryption.activated ? team : "matches" } as const;
  const taken: Record<StepCode, () => Facts> = {
    "add-seats": () => ({ ...facts, seats: "free" }),
    "generate-activation-code": () => ({
      ...encryption(facts.encryption.licence === "none" ? licensed : {}),
      activationCode: "outstanding",
    }),
    "assign-licence": () => encryption(licensed),
    "renew-licence": () => encryption({ licence: "held" }),
    "enter-activation-code": () => ({
      ...encryption({ activated: true, outstanding: true }),
      activationCode: "none",
    }),
    "unlink-from-directory": () => encryption({ directory: "none" }),
    "post-key-file": () => encryption({ teamContent: "matches", ownContent: "matches", outstanding: true }),
    "sync-workstation": () => encryption({ outstanding: false }),
    "activate-account": () => ({ ...facts, account: { ...facts.account, account: "active" } }),
    "unblock-account": () => ({ ...facts, account: { ...facts.account, blocked: false, disabled: false } }),
    "re-enable-account": () => ({ ...facts, account: { ...facts.account, disabled: false } }),
    "enable-organisation": () => ({ ...facts, account: { ...facts.account, organisation: "enabled" } }),
  };
  return taken[step]();
}

test("INV-5: whoever takes the next step, each time, arrives at green or purple, or at an ending that says why not", () => {
  const comparisons = fc.array(fc.constantFrom<Comparison>("matches", "differs"), {
    minLength: 12,
    maxLength: 12,
  });
  fc.assert(
    fc.property(anyFacts, comparisons, (start, found) => {
      let facts = start;
      for (const comparison of found) {
        const [step] = standingOf(facts).next;
        if (step === undefined) break;
        facts = after(step.code, facts, comparison);
      }
      const { encryption, account, next, reasons } = standingOf(facts);
      expect(next).toEqual([]);
      if (account === "deleted") {
        expect(reasons.some(({ code }) => code.endsWith("-deleted"))).toBe(true);
      } else {
        expect(["active", "additional-keys"]).toContain(encryption);
        expect(["enabled", "none"]).toContain(account);
      }
    }),
    { numRuns: 5000 },
  );
});

test("the same facts always give the same standing", () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      expect(standingOf(structuredClone(facts))).toEqual(standingOf(facts));
    }),
  );
});

test("INV-3: a change that is reverted gives back the former standing, whatever it was", () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      if (!facts.encryption.activated) return;
      const before = standingOf(facts);
      const changed: Facts = { ...facts, encryption: { ...facts.encryption, teamContent: "differs" } };
      standingOf(changed);
      const reverted: Facts = {
        ...changed,
        encryption: { ...changed.encryption, teamContent: facts.encryption.teamContent },
      };
      expect(standingOf(reverted)).toEqual(before);
    }),
  );
});
