// Who is let in, and who is not: a request is good for one mailbox, one method, one address, one body, ten minutes and
// one time.

import { createHmac, randomBytes } from "node:crypto";

import { relay, relayRequest } from "@lockstep/api";
import { expect, test } from "vitest";

import {
  mailboxOn,
  makeMailboxKeys,
  send,
  sign,
  type MailboxKeys,
  type Signed,
  type Signing,
} from "../testing/client.ts";
import { outcomeOf, testAccount, useRelay, type OpenMailbox } from "../testing/relay.ts";

const served = useRelay(testAccount(1, { mailboxRequestsPerMinute: 10_000 }), testAccount(2));
const body = Buffer.from("posted");
const octets = { "content-type": "application/octet-stream" };

/** A request to put, as its owner would sign it, but for what the test wants to be otherwise. */
function putting(keys: MailboxKeys, signing: Partial<Signing> = {}): Signed {
  const params = { mailbox: keys.mailbox, slot: 1 };
  const request = relayRequest(served.origin, relay.putParcel, { params, body });
  const signed = sign(request, { key: keys.write, ...signing });
  return { ...signed, headers: { ...signed.headers, ...octets } };
}

async function expectUnchanged({ state }: OpenMailbox): Promise<void> {
  expect((await state()).parcels).toEqual([]);
}

const now = () => Math.floor(Date.now() / 1000);

test("a signed request is good once, and a second time it changes nothing", async () => {
  const mailbox = await served.open();
  const request = putting(mailbox.keys);
  expect(await outcomeOf(send(request))).toBe("done");
  const before = await mailbox.state();
  expect(await outcomeOf(send(request))).toBe("capability_spent");
  expect(await mailbox.state()).toEqual(before);
});

test("a signed request that is sent many times at the same moment is carried out once", async () => {
  for (let round = 0; round < 20; round++) {
    const { keys, state } = await served.open();
    const request = putting(keys);
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => outcomeOf(send(request))));
    expect(outcomes.sort()).toEqual(["capability_spent", "capability_spent", "capability_spent", "done"]);
    expect((await state()).parcels).toHaveLength(1);
  }
});

test("a signed request that was refused is spent too", async () => {
  const { keys, put } = await served.open();
  for (let count = 0; count < relay.limits.parcelsPerMailbox; count++) await put(0, body);
  const request = putting(keys);
  expect(await outcomeOf(send(request))).toBe("mailbox_full");
  expect(await outcomeOf(send(request))).toBe("capability_spent");
});

test("a signed request stays spent when the relay is started anew", async () => {
  const mailbox = await served.open();
  const request = putting(mailbox.keys);
  expect(await outcomeOf(send(request))).toBe("done");
  const before = await mailbox.state();
  await served.restart();
  expect(await outcomeOf(send(request))).toBe("capability_spent");
  expect(await mailbox.state()).toEqual(before);
});

test("two mailboxes may choose the same number for a request by chance", async () => {
  const [one, other] = [await served.open(), await served.open()];
  const claims = { jti: randomBytes(16).toString("base64url") };
  expect(await outcomeOf(send(putting(one.keys, { claims })))).toBe("done");
  expect(await outcomeOf(send(putting(other.keys, { claims })))).toBe("done");
});

test("a request is good for five minutes before and after it was signed", async () => {
  const mailbox = await served.open();
  const { clockSeconds } = relay.limits;
  for (const iat of [now() - clockSeconds + 30, now() + clockSeconds - 30])
    expect(await outcomeOf(send(putting(mailbox.keys, { claims: { iat } })))).toBe("done");
  const other = await served.open();
  for (const iat of [now() - clockSeconds - 30, now() + clockSeconds + 30])
    expect(await outcomeOf(send(putting(other.keys, { claims: { iat } })))).toBe("capability_expired");
  await expectUnchanged(other);
});

test("what is remembered of requests is forgotten no sooner than their signature is", async () => {
  const { keys } = await served.open();
  const request = putting(keys, { claims: { iat: now() } });
  expect(await outcomeOf(send(request))).toBe("done");
  served.aheadMilliseconds = (relay.limits.clockSeconds - 2) * 1000;
  // The first thing that a start does is to forget what it may.
  await served.restart();
  expect(await outcomeOf(send(request))).toBe("capability_spent");
  served.aheadMilliseconds = (relay.limits.clockSeconds + 2) * 1000;
  expect(await outcomeOf(send(request))).toBe("capability_expired");
  served.aheadMilliseconds = 0;
});

const wrong: readonly [
  what: string,
  signing: (keys: MailboxKeys) => Partial<Signing> | Promise<Partial<Signing>>,
][] = [
  ["signed for another method", () => ({ claims: { htm: "GET" } })],
  ["signed for another address", () => ({ claims: { htu: `${served.origin}/m` } })],
  [
    "signed for another relay",
    ({ mailbox }) => ({ claims: { htu: `https://relay.example.org/m/${mailbox}/1` } }),
  ],
  ["signed for another slot", ({ mailbox }) => ({ claims: { htu: `${served.origin}/m/${mailbox}/2` } })],
  ["signed for another body", () => ({ claims: { body: randomBytes(32).toString("base64url") } })],
  ["signed by the mailbox's other key", ({ read }) => ({ key: read })],
  ["signed by a key of nobody", async () => ({ key: (await makeMailboxKeys()).write })],
  ["signed as another kind of object", () => ({ header: { typ: "kf1-orders+jws" } })],
  ["signed with an extra in its header", () => ({ header: { kid: "1" } })],
  ["signed by the other name of the algorithm", () => ({ header: { alg: "EdDSA" } })],
  ["signed without a number of its own", () => ({ claims: { jti: "" } })],
  ["signed with something besides", () => ({ claims: { admin: true } })],
  ["signed without a time", () => ({ claims: { iat: undefined } })],
];

test.each(wrong)("what is %s is refused and changes nothing", async (_what, signing) => {
  const mailbox = await served.open();
  const request = putting(mailbox.keys, await signing(mailbox.keys));
  expect(await outcomeOf(send(request))).toBe("capability_refused");
  await expectUnchanged(mailbox);
});

test("a request that is signed for one mailbox is refused by another", async () => {
  const [one, other] = [await served.open(), await served.open()];
  const request = putting(one.keys);
  const address = request.address.replace(one.keys.mailbox, other.keys.mailbox);
  expect(await outcomeOf(send({ ...request, address }))).toBe("capability_refused");
  await expectUnchanged(other);
  // The same, if its owner is in league: the address is right, the key is not.
  const forged = sign({ ...request, address }, { key: one.keys.write });
  expect(await outcomeOf(send({ ...forged, headers: { ...forged.headers, ...octets } }))).toBe(
    "capability_refused",
  );
  await expectUnchanged(other);
});

test("a key that reads cannot put or withdraw, and one that writes cannot fetch", async () => {
  const { keys, put, state } = await served.open();
  const { seq } = await put(1, body);
  const turned = mailboxOn(served.origin, { ...keys, read: keys.write, write: keys.read });
  expect(await outcomeOf(turned.fetch())).toBe("capability_refused");
  expect(await outcomeOf(turned.put(1, body))).toBe("capability_refused");
  expect(await outcomeOf(turned.withdraw(seq))).toBe("capability_refused");
  expect((await state()).parcels).toMatchObject([{ seq, fetched: false }]);
});

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

test("a signature of no algorithm, or of one with a shared key, is no signature", async () => {
  const mailbox = await served.open();
  const request = putting(mailbox.keys);
  const [, payload = ""] = request.headers["authorization"]?.split(".") ?? [];
  const typ = "kf1-capability+jws";
  const shared = `${encoded({ alg: "HS256", typ })}.${payload}`;
  const publicKey = Buffer.from(mailbox.keys.publicKeys.writeKey, "base64url");
  const forgeries = [
    `${encoded({ alg: "none", typ })}.${payload}.`,
    `${shared}.${createHmac("sha256", publicKey).update(shared).digest("base64url")}`,
    `${encoded({ alg: "Ed25519", typ })}.${payload}.`,
    "x",
    "...",
  ];
  for (const forgery of forgeries) {
    const headers = { ...octets, authorization: `Capability ${forgery}` };
    expect(await outcomeOf(send({ ...request, headers }))).toBe("capability_refused");
  }
  expect(await outcomeOf(send({ ...request, headers: octets }))).toBe("capability_required");
  await expectUnchanged(mailbox);
});

async function answerTo({ method, address, headers, body: sent }: Signed): Promise<object> {
  const response = await fetch(address, { method, headers, ...(sent === undefined ? {} : { body: sent }) });
  const problem = { ...((await response.json()) as object), instance: "its own" };
  const shown = [...response.headers].filter(([name]) => !["date", "content-length"].includes(name));
  return { status: response.status, problem, headers: shown };
}

test("an unknown mailbox and a wrong key give the same answer", async () => {
  const { keys } = await served.open();
  const [stranger, unknown] = [await makeMailboxKeys(), await makeMailboxKeys()];
  const wrongKey = await answerTo(putting(keys, { key: stranger.write }));
  expect(await answerTo(putting(unknown))).toEqual(wrongKey);
  // Whoever does not hold the key learns nothing from what else is wrong.
  for (const claims of [{ iat: 0 }, { htm: "GET" }, { body: "x" }]) {
    expect(await answerTo(putting(keys, { key: stranger.write, claims }))).toEqual(wrongKey);
    expect(await answerTo(putting(unknown, { claims }))).toEqual(wrongKey);
  }
});

test("behind a proxy a request is signed for the address that others use, or for the relay's own", async () => {
  const { keys, put } = await served.open();
  const signedFor = async (origin: string) => {
    const htu = `${origin}/m/${keys.mailbox}/1`;
    return outcomeOf(send(putting(keys, { claims: { htu } })));
  };
  expect(await signedFor("https://relay.example.org")).toBe("capability_refused");
  served.publicOrigin = "https://relay.example.org";
  await served.restart();
  expect(await signedFor("https://relay.example.org")).toBe("done");
  expect(await signedFor("https://other.example.org")).toBe("capability_refused");
  expect(await outcomeOf(put(1, body))).toBe("done");
  served.publicOrigin = null;
  await served.restart();
});

test("a mailbox is opened and closed, and news of it heard, with an account's token and nothing else", async () => {
  const { keys, state } = await served.open();
  const request = relayRequest(served.origin, relay.openMailbox, {
    body: { ...keys.publicKeys, hears: "puts" },
  });
  const json = { "content-type": "application/json" };
  const token = served.accounts[0]?.token ?? "";
  for (const authorization of [
    "",
    "Bearer",
    `Bearer ${token}x`,
    `Bearer ${token.slice(0, -1)}`,
    `Basic ${token}`,
  ])
    expect(await outcomeOf(send({ ...request, headers: { ...json, authorization } }))).toBe(
      "account_refused",
    );
  const closing = relayRequest(served.origin, relay.closeMailbox, {
    params: { mailbox: keys.mailbox },
  });
  for (const endpoint of [relay.listMailboxes, relay.listNews])
    expect(await outcomeOf(send(sign(relayRequest(served.origin, endpoint, {}), { key: keys.read })))).toBe(
      "account_refused",
    );
  expect(await outcomeOf(send(sign(closing, { key: keys.write })))).toBe("account_refused");
  const bearing = { authorization: `Bearer ${token}` };
  expect(await outcomeOf(send({ ...putting(keys), headers: { ...octets, ...bearing } }))).toBe(
    "capability_required",
  );
  expect(await outcomeOf(state())).toBe("done");
});

test("a public key is written in one way only", async () => {
  const { publicKeys } = await makeMailboxKeys();
  const { readKey } = publicKeys;
  const last = readKey.at(-1) ?? "";
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const twin = readKey.slice(0, -1) + (alphabet[alphabet.indexOf(last) + 1] ?? "");
  expect(Buffer.from(twin, "base64url")).toEqual(Buffer.from(readKey, "base64url"));
  for (const text of [twin, `${readKey}=`, ` ${readKey}`, readKey.slice(1)])
    expect(await outcomeOf(served.as().open({ ...publicKeys, readKey: text }, "puts"))).toBe(
      "malformed_request",
    );
});

test("the keys of an account that was taken away open nothing until it is there again", async () => {
  const { state } = await served.open(1);
  const { accounts } = served;
  await served.restart(accounts.slice(0, 1));
  expect(await outcomeOf(state())).toBe("capability_refused");
  await served.restart(accounts);
  expect(await outcomeOf(state())).toBe("done");
});
