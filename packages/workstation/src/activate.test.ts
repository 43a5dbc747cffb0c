import { activationLink, comparisonDigits, kidOf, sealBox, sealOffer } from "@lockstep/keyfile";
import { expect, test } from "vitest";

import { useRelay } from "../../../apps/relay/src/testing/relay.ts";
import { activate, type Activating } from "./activate.ts";
import { keysFor, login } from "./login.ts";
import type { Profile } from "./profile.ts";
import { status } from "./status.ts";
import { sync } from "./sync.ts";
import { ageKey, Organisation, type Activation } from "./testing/organisation.ts";
import { activated, outcomeOf, password, workstation } from "./testing/workstation.ts";

const relay = useRelay();

function asking(profile: Profile, activation: Activation, changes: Partial<Activating> = {}) {
  const { code } = activation;
  return activate(profile, { code, relays: [relay.origin], password, waitSeconds: 0, ...changes });
}

test("whoever types the code holds the first Key-File, opens it with the password, and the server hears so", async () => {
  const organisation = new Organisation(relay);
  const { profile, activation } = await activated(organisation, relay);
  expect(await status(profile)).toMatchObject({
    stage: "active",
    organisation: organisation.org,
    keyFile: { version: 1 },
    keys: [{ key: organisation.key, kv: 1, use: "encrypt", own: false }],
    isLoggedIn: false,
    obstacle: null,
    freshness: { freshness: "fresh" },
  });
  await login(profile, { password });
  const keys = await keysFor(profile, "encrypt");
  expect(keys.identities).toEqual([ageKey.identity]);
  expect(keys.recipients).toEqual([{ key: organisation.key, version: 1, recipient: ageKey.recipient }]);
  const [report] = await organisation.read(activation);
  expect(report).toMatchObject({
    rseq: 1,
    applied: { ver: 1 },
    results: [{ epoch: 1, ver: 1, outcome: "processed" }],
    facts: { keystore: "file", os: "Debian 13" },
  });
});

test("a link brings the relay along, and both ends show the same six digits", async () => {
  const organisation = new Organisation(relay);
  const activation = await organisation.issue();
  const shown: string[] = [];
  const [joins] = await Promise.all([
    organisation.admit(activation, 20),
    asking(await workstation(), activation, {
      code: activationLink({ code: activation.code, relays: [relay.origin] }),
      relays: [],
      waitSeconds: 20,
      onAsked: (digits) => void shown.push(digits),
    }),
  ]);
  expect(shown).toEqual([comparisonDigits(activation.keys.sas, joins[0]?.transcript ?? "")]);
});

test("a typing mistake is named as one, without asking anybody", async () => {
  const organisation = new Organisation(relay);
  const activation = await organisation.issue();
  const profile = await workstation({ fetch: () => Promise.reject(new Error("nobody is asked")) });
  const { code } = activation;
  const other = code.startsWith("7") ? "8" : "7";
  const refused = (typed: string, relays = [relay.origin]) =>
    outcomeOf(asking(profile, activation, { code: typed, relays }));
  expect(await refused(other + code.slice(1))).toBe("code-typo");
  expect(await refused(code.slice(1))).toBe("code-too-short");
  expect(await refused(`${code}7`)).toBe("code-too-long");
  expect(await refused(`U${code.slice(1)}`)).toBe("code-character");
  expect(await refused("lockstep:activate#relay=x")).toBe("code-link");
  expect(await refused(code, [])).toBe("relay-unknown");
  expect(await outcomeOf(asking(profile, activation, { password: "short" }))).toBe("password-too-short");
  expect(await status(profile)).toEqual({ stage: "new" });
});

test("no offer, one that has expired, one that another made, and no relay are told apart", async () => {
  const organisation = new Organisation(relay);
  const [issued, other] = [await organisation.issue(), await organisation.issue()];
  const profile = await workstation();
  const unissued = "00000-00000-00000-00000-00000";
  expect(await outcomeOf(asking(profile, issued, { code: unissued }))).toBe("offer-missing");
  const nowhere = { relays: ["http://127.0.0.1:9"] };
  expect(await outcomeOf(asking(profile, issued, nowhere))).toBe("relay-unreachable");
  const expired = await organisation.issue({ iat: 1_793_700_000, exp: 1_793_700_001 });
  expect(await outcomeOf(asking(profile, expired))).toBe("code-expired");
  const down = await organisation.mailbox(issued.keys.down);
  await down.put(down.slotOf("offer"), sealOffer("junk", other.keys.offerKey));
  expect(await outcomeOf(asking(profile, issued))).toBe("offer-foreign");
  expect(await status(profile)).toEqual({ stage: "new" });
});

test("the second workstation with one code is told so, and takes another code", async () => {
  const organisation = new Organisation(relay);
  const { activation } = await activated(organisation, relay);
  const second = await workstation();
  const answered = Promise.all([
    outcomeOf(asking(second, activation, { waitSeconds: 20 })),
    organisation.admit(activation, 20),
  ]);
  expect((await answered)[0]).toBe("code-already-used");
  expect(await status(second)).toEqual({ stage: "new" });
  const another = await organisation.issue();
  await Promise.all([organisation.admit(another, 20), asking(second, another, { waitSeconds: 20 })]);
  expect(await status(second)).toMatchObject({ stage: "active" });
});

test("a no that may pass leaves the code as it is: later the same join is admitted", async () => {
  const organisation = new Organisation(relay);
  const activation = await organisation.issue();
  const profile = await workstation();
  activation.answer = "no-licence";
  const [first, refused] = await Promise.all([
    organisation.admit(activation, 20),
    outcomeOf(asking(profile, activation, { waitSeconds: 20 })),
  ]);
  expect(refused).toBe("no-licence");
  activation.answer = null;
  const [second] = await Promise.all([
    organisation.admit(activation, 20),
    asking(profile, activation, { waitSeconds: 20 }),
  ]);
  expect(second).toEqual(first);
  expect(await status(profile)).toMatchObject({ stage: "active" });
});

test("a server that does not answer is waited for, and asked with the same join once", async () => {
  const organisation = new Organisation(relay);
  const activation = await organisation.issue();
  const profile = await workstation();
  expect(await outcomeOf(asking(profile, activation))).toBe("answer-pending");
  expect(await outcomeOf(sync(profile))).toBe("answer-pending");
  expect(await status(profile)).toMatchObject({ stage: "joining" });
  expect(await outcomeOf(asking(profile, activation))).toBe("answer-pending");
  const other = { password: "another password" };
  expect(await outcomeOf(asking(profile, activation, other))).toBe("password-wrong");
  const joins = await organisation.admit(activation);
  expect(joins).toHaveLength(1);
  await asking(profile, activation);
  expect(await status(profile)).toMatchObject({ stage: "active", keyFile: { version: 1 } });
  expect(await outcomeOf(asking(profile, activation))).toBe("already-activated");
});

test("an answer that the organisation did not sign for this device is refused, and the right one is taken after it", async () => {
  const organisation = new Organisation(relay);
  const [activation, other] = [await organisation.issue(), await activated(organisation, relay)];
  const profile = await workstation();
  expect(await outcomeOf(asking(profile, activation))).toBe("answer-pending");
  const up = await organisation.mailbox(activation.keys.up);
  expect((await up.state()).parcels).toHaveLength(1);
  // What another device was given, sealed to this one.
  const [join] = await organisation.admit(activation);
  const down = await organisation.mailbox(activation.keys.down);
  const slot = down.slotOf({ answerTo: kidOf(join?.sign ?? organisation.signers.root) });
  const right = (await down.fetch({ after: 0 })).parcels.find((parcel) => parcel.slot === slot);
  await down.put(slot, await sealBox(other.activation.keyFile ?? "", join?.box ?? ""));
  expect(await outcomeOf(asking(profile, activation))).toBe("answer-foreign");
  expect(await outcomeOf(asking(profile, activation))).toBe("answer-pending");
  await down.put(slot, right?.body ?? new Uint8Array());
  await asking(profile, activation);
  expect(await status(profile)).toMatchObject({ stage: "active" });
});

test("a clock that is hours off keeps nobody from activating", async () => {
  const organisation = new Organisation(relay);
  for (const ahead of [-7200, 7200]) {
    const activation = await organisation.issue();
    const profile = await workstation();
    profile.ahead = ahead;
    await Promise.all([organisation.admit(activation, 20), asking(profile, activation, { waitSeconds: 20 })]);
    const [report] = await organisation.read(activation);
    expect(Math.abs((report?.facts.clock_skew_s ?? 0) - ahead)).toBeLessThan(5);
  }
});

test("whoever waits for the server can give up, and nothing is lost by it", async () => {
  const organisation = new Organisation(relay);
  const activation = await organisation.issue();
  const profile = await workstation();
  const giveUp = new AbortController();
  const changes = { waitSeconds: 600, signal: giveUp.signal, onAsked: () => giveUp.abort() };
  await expect(asking(profile, activation, changes)).rejects.toThrow("aborted");
  expect(await status(profile)).toMatchObject({ stage: "joining" });
});
