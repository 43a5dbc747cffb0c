import { expect, test } from "vitest";

import { accept, type Arrival, type Circumstances, type Verdict } from "./accept.ts";
import { afterApplying, type DeviceState } from "./device-state.ts";
import { digestOf } from "./digest.ts";
import {
  ids,
  keyFile,
  keyRing,
  newDevice,
  orders,
  outOfBox,
  pulse,
  roleOf,
  root,
  signedAt,
  signingKeys,
} from "./examples.ts";
import { signKeyFile, type KeyFile } from "./key-file.ts";
import { signOrders, type Orders } from "./orders.ts";
import { signPulse, type Pulse } from "./pulse.ts";
import { signRoot, type Root } from "./root.ts";
import { signerOf, type PrivateJwk } from "./signing-key.ts";

const { issuer, nextIssuer, pulse: pulseKey, root: holder, stranger } = signingKeys;
const now = signedAt + 60;

const keyFileOf = (changes: Partial<KeyFile> = {}, key: PrivateJwk = issuer) =>
  signKeyFile({ ...keyFile, ...changes }, signerOf(key));
const ordersOf = (changes: Partial<Orders> = {}, key: PrivateJwk = issuer) =>
  signOrders({ ...orders, ...changes }, signerOf(key));
const pulseOf = (changes: Partial<Pulse> = {}, key: PrivateJwk = pulseKey) =>
  signPulse({ ...pulse, ...changes }, signerOf(key));

function judge(state: DeviceState, jws: string, circumstances: Partial<Circumstances> = {}): Verdict {
  return accept(state, outOfBox(jws), { now, ...circumstances });
}

/** The code of a rejection, or what else became of it. A rejection must leave the state as it was. */
function codeOf(state: DeviceState, jws: string, circumstances: Partial<Circumstances> = {}): string {
  const verdict = judge(state, jws, circumstances);
  if (verdict.verdict !== "rejected") return verdict.verdict;
  expect(verdict.state).toBe(state);
  expect(verdict.evidence.blob_hash).toBe(outOfBox(jws).blobHash);
  return verdict.evidence.code;
}

/** The state after all of these were accepted. */
function having(...jws: readonly string[]): DeviceState {
  return jws.reduce((state, each) => {
    const verdict = judge(state, each);
    expect(verdict.verdict).toBe("accepted");
    return verdict.state;
  }, newDevice);
}

const seventeen = having(keyFileOf());

test("a Key-File that its organisation signed for this device is accepted, and pending until it is applied", () => {
  const jws = keyFileOf();
  const verdict = judge(newDevice, jws);
  const mark = { epoch: 2, version: 17, hash: digestOf(jws) };
  expect(verdict).toMatchObject({ verdict: "accepted", kind: "key-file", payload: keyFile, hash: mark.hash });
  expect(verdict.state.key_file).toEqual({ ...mark, applied: false });
  expect(verdict.state.nonce).toBe(keyFile.nonce);
  expect(afterApplying(verdict.state, mark.hash).key_file).toEqual({ ...mark, applied: true });
  expect(afterApplying(verdict.state, digestOf("another"))).toBe(verdict.state);
});

test("the bytes of a signed object stay what they are: devices in the field compare them", () => {
  const objects = [keyFileOf(), ordersOf(), pulseOf(), signRoot(root, signerOf(holder))];
  expect(objects.map(digestOf)).toMatchInlineSnapshot(`
    [
      "fc79d4cc6d62983bf8500f255a5b0375a6a9232b77f096142fea87d6bebf79dd",
      "f51b62ee2b52e4111a6e646846c5915cb28760888928c9c6263edc171ea6c0c5",
      "a57ddde0fd472e47f458ff6b3c82e590cd97edc82b27e3f448ee553d88b389a4",
      "6f99fe491c374236b6223012870e94bcf97c95a5a37af1758d275a33800d719f",
    ]
  `);
});

test("a Key-File that arrives twice is reported again and applied once", () => {
  const verdict = judge(seventeen, keyFileOf());
  expect(verdict).toMatchObject({ verdict: "duplicate", kind: "key-file", payload: keyFile });
  expect(verdict.state).toBe(seventeen);
});

test("a gap does no harm: version 40 follows version 17", () => {
  expect(codeOf(seventeen, keyFileOf({ ver: 40 }))).toBe("accepted");
});

test("a box that did not open is rejected as a box", () => {
  const verdict = accept(newDevice, { blobHash: digestOf("junk"), jws: null, by: null }, { now });
  expect(verdict).toEqual({
    verdict: "rejected",
    evidence: { blob_hash: digestOf("junk"), code: "box" },
    state: newDevice,
  });
});

test("a Key-File for somebody else's activation is rejected, though it is in this device's own box", () => {
  expect(codeOf(newDevice, keyFileOf({ act: ids.otherAct }))).toBe("recipient");
});

test("a Key-File for another device of the same activation, or of another organisation, is rejected", () => {
  expect(codeOf(newDevice, keyFileOf({ dev: signerOf(stranger).kid }))).toBe("recipient");
  expect(codeOf(newDevice, keyFileOf({ org: ids.otherAct }))).toBe("recipient");
});

test("version 16 after version 17 is rejected as a roll-back", () => {
  expect(codeOf(seventeen, keyFileOf({ ver: 16 }))).toBe("rollback");
});

test("two different versions 17 are an alarm: somebody signs in the server's name", () => {
  expect(codeOf(seventeen, keyFileOf({ own_content: digestOf("other") }))).toBe("equivocation");
});

test("a version 18 by a retired issuer is rejected, as soon as the root that retires it has arrived", () => {
  const retiring = {
    ...root,
    version: 6,
    keys: keyRing(holder, nextIssuer, pulseKey),
    roles: { ...root.roles, issuer: roleOf(nextIssuer) },
  };
  const roots = [signRoot(retiring, signerOf(holder))];
  expect(codeOf(seventeen, keyFileOf({ ver: 18, roots }))).toBe("signature");
  const eighteen = judge(seventeen, keyFileOf({ ver: 18, roots, root_version: 6 }, nextIssuer));
  expect(eighteen).toMatchObject({ verdict: "accepted", state: { root: { version: 6 } } });
  expect(codeOf(eighteen.state, keyFileOf({ ver: 19 }))).toBe("signature");
  expect(codeOf(eighteen.state, keyFileOf({ ver: 19 }, nextIssuer))).toBe("accepted");
});

test("what a retired key signed that the root still names is rejected as that, and is nobody else's", () => {
  const naming = {
    ...root,
    version: 6,
    keys: keyRing(holder, issuer, nextIssuer, pulseKey),
    roles: { ...root.roles, issuer: roleOf(nextIssuer) },
  };
  const roots = [signRoot(naming, signerOf(holder))];
  const { state } = judge(seventeen, keyFileOf({ ver: 18, roots, root_version: 6 }, nextIssuer));
  expect(codeOf(state, keyFileOf({ ver: 19 }))).toBe("retired");
  expect(codeOf(state, ordersOf())).toBe("retired");
  expect(codeOf(state, keyFileOf({ ver: 19 }, stranger))).toBe("signature");
  for (const key of [holder, pulseKey]) expect(codeOf(state, keyFileOf({ ver: 19 }, key))).toBe("signature");
  const renamed = signKeyFile({ ...keyFile, ver: 19 }, { ...signerOf(stranger), kid: signerOf(issuer).kid });
  expect(codeOf(state, renamed)).toBe("signature");
});

test("a Key-File that nobody of the organisation signed is rejected, and so is one by the pulse's or the root's key", () => {
  for (const key of [stranger, pulseKey, holder, nextIssuer]) {
    expect(codeOf(newDevice, keyFileOf({}, key))).toBe("signature");
  }
  expect(codeOf(newDevice, pulseOf({}, issuer))).toBe("signature");
});

test("a stranger's signature under the issuer's name is rejected", () => {
  const renamed = signKeyFile(keyFile, { ...signerOf(stranger), kid: signerOf(issuer).kid });
  expect(codeOf(newDevice, renamed)).toBe("signature");
});

test("a root 7 that skips 6, and a root 6 by new holders alone, are rejected with all that they bring", () => {
  const { nextRoot } = signingKeys;
  const skipping = signRoot({ ...root, version: 7 }, signerOf(holder));
  const usurping: Root = {
    ...root,
    version: 6,
    keys: keyRing(nextRoot, nextIssuer, pulseKey),
    roles: { ...root.roles, root: roleOf(nextRoot), issuer: roleOf(nextIssuer) },
  };
  expect(codeOf(seventeen, keyFileOf({ ver: 18, roots: [skipping] }))).toBe("root");
  const roots = [signRoot(usurping, signerOf(nextRoot))];
  expect(codeOf(seventeen, keyFileOf({ ver: 18, roots }, nextIssuer))).toBe("root");
});

test("an expired pulse is rejected, though the Key-File beside it is the newest", () => {
  expect(
    codeOf(seventeen, pulseOf({ latest_ver: 17, kf_hash: seventeen.key_file?.hash ?? "" }), {
      now: pulse.exp,
    }),
  ).toBe("expired");
  expect(codeOf(seventeen, pulseOf(), { now: pulse.exp - 1 })).toBe("accepted");
});

test("a clock that was set back revives no pulse: the latest signed time counts", () => {
  const later = judge(seventeen, keyFileOf({ ver: 18, iat: pulse.exp })).state;
  expect(later.time_floor).toBe(pulse.exp);
  expect(codeOf(later, pulseOf(), { now: 0 })).toBe("expired");
});

test("the local clock never raises the time floor, however far it was set forward", () => {
  const farAhead = { now: now + 10 * 365 * 86_400 };
  expect(judge(newDevice, keyFileOf(), farAhead).state.time_floor).toBe(signedAt);
});

test("a pulse that names a Key-File which was never delivered is accepted, and shows that something is missing", () => {
  const verdict = judge(seventeen, pulseOf({ latest_ver: 18 }));
  expect(verdict).toMatchObject({ verdict: "accepted", state: { pulse: { latest_ver: 18 } } });
});

test("a pulse that names another Key-File under the version that is held is an alarm", () => {
  expect(codeOf(seventeen, pulseOf({ latest_ver: 17 }))).toBe("equivocation");
  const kf_hash = seventeen.key_file?.hash ?? null;
  expect(codeOf(seventeen, pulseOf({ latest_ver: 17, kf_hash }))).toBe("accepted");
});

test("an older pulse is rejected, and of two of the same second both are the newest", () => {
  const state = having(pulseOf());
  expect(codeOf(state, pulseOf({ iat: pulse.iat - 1 }))).toBe("rollback");
  expect(codeOf(state, pulseOf())).toBe("duplicate");
  expect(codeOf(state, pulseOf({ latest_ver: 19 }))).toBe("accepted");
});

test("a pulse that lasts longer than seven days is nobody's: a stolen pulse key buys a week at a time", () => {
  expect(() => pulseOf({ exp: pulse.iat + 7 * 86_400 + 1 })).toThrow("a pulse lasts seven days at most");
  expect(codeOf(newDevice, pulseOf({ exp: pulse.iat + 7 * 86_400 }))).toBe("accepted");
});

test("INV-23: the issuer cannot raise the epoch", () => {
  expect(codeOf(seventeen, keyFileOf({ epoch: 3, ver: 1 }))).toBe("epoch");
  expect(codeOf(seventeen, ordersOf({ epoch: 3 }))).toBe("epoch");
  expect(codeOf(seventeen, pulseOf({ epoch: 3 }))).toBe("epoch");
});

test("a restored server that would give out version 12 is refused, until a root with the next epoch comes along", () => {
  const restored = { ver: 12, own_content: digestOf("from the backup") };
  expect(codeOf(seventeen, keyFileOf(restored))).toBe("rollback");
  const roots = [signRoot({ ...root, version: 6, epoch: 3 }, signerOf(holder))];
  const healed = judge(seventeen, keyFileOf({ ...restored, epoch: 3, root_version: 6, roots }));
  expect(healed).toMatchObject({ verdict: "accepted", state: { key_file: { epoch: 3, version: 12 } } });
  expect(codeOf(healed.state, keyFileOf({ ver: 99 }))).toBe("rollback");
  expect(codeOf(healed.state, ordersOf())).toBe("epoch");
});

test("a lock that is replayed after the unlock stays without effect", () => {
  const locking = ordersOf();
  const unlocking = ordersOf({ cver: 18, locked: false, outstanding: [] });
  expect(codeOf(having(locking, unlocking), locking)).toBe("rollback");
});

test("Key-File, orders and pulse have versions of their own", () => {
  const state = having(keyFileOf(), ordersOf({ cver: 1 }), pulseOf());
  expect(state).toMatchObject({
    key_file: { version: 17 },
    orders: { version: 1 },
    pulse: { version: pulse.iat },
  });
});

test("a root comes along with whatever is posted: orders bring it to a device where nobody is signed in", () => {
  const roots = [signRoot({ ...root, version: 6 }, signerOf(holder))];
  expect(judge(newDevice, ordersOf({ roots })).state.root.version).toBe(6);
  expect(judge(newDevice, pulseOf({ roots })).state.root.version).toBe(6);
});

test("a device that has a newer root than the sender thinks passes over the older ones", () => {
  const six = signRoot({ ...root, version: 6 }, signerOf(holder));
  const state = having(keyFileOf({ roots: [six] }));
  expect(state.root.version).toBe(6);
  const five = signRoot(root, signerOf(holder));
  expect(codeOf(state, keyFileOf({ ver: 18, roots: [five, six] }))).toBe("accepted");
});

/** Signs whatever it is given, as a server with a bug would. */
function signedAnyway(payload: string, typ = "kf1-keyfile+jws"): string {
  const signer = signerOf(issuer);
  const header = JSON.stringify({ alg: "Ed25519", kid: signer.kid, typ });
  const bytes = [header, payload].map((text) => Buffer.from(text).toString("base64url")).join(".");
  return `${bytes}.${Buffer.from(signer.sign(Buffer.from(bytes))).toString("base64url")}`;
}

const held = keyFile.keys.slice(0, 1);
const [key] = held;

const senseless: Readonly<Record<string, object>> = {
  "an unknown member": { more: 1 },
  "no version": { ver: undefined },
  "version 0": { ver: 0 },
  "a version that is text": { ver: "18" },
  "a key whose checksum is wrong": { keys: [{ ...key, id: key?.id.replace("GFP", "GFQ") }] },
  "a public half where the secret one belongs": { keys: [{ ...key, id: keyFile.reply_to }] },
  "a key version twice": { keys: [...held, ...held] },
  "two versions of a key to encrypt to": { keys: [...held, { ...key, kv: 4 }] },
  "a key that differs between team and user": { own_keys: [{ ...key, use: "decrypt" }] },
  "a policy with a list": { policy: { "removable-media.mode": ["block"] } },
  "a relay without HTTPS": {
    mailboxes: { ...keyFile.mailboxes, relays: ["http://relay.northwind.example/"] },
  },
  "a relay with a password": {
    mailboxes: { ...keyFile.mailboxes, relays: ["https://a:b@relay.northwind.example/"] },
  },
  "a relay with a user": {
    mailboxes: { ...keyFile.mailboxes, relays: ["https://a@relay.northwind.example/"] },
  },
  "no relay": { mailboxes: { ...keyFile.mailboxes, relays: [] } },
  "a nonce of 31 bytes": { nonce: keyFile.nonce.slice(0, 42) },
  "an id in capitals": { user: keyFile.user.toUpperCase() },
  "ext that names nothing": { ext: ["more"] },
  "ext that names a member twice": { ext: ["more", "more"], more: 1 },
  "ext that names itself": { ext: ["ext"] },
};

test.each(Object.entries(senseless))("a Key-File with %s is signed and makes no sense", (_, changes) => {
  expect(codeOf(newDevice, signedAnyway(JSON.stringify({ ...keyFile, ...changes })))).toBe("content");
});

test("duplicate names are no Key-File, whoever signed them", () => {
  const twice = JSON.stringify(keyFile).replace('"ver":17', '"ver":17,"ver":99');
  expect(codeOf(newDevice, signedAnyway(twice))).toBe("content");
});

test("a later format may add members that this one can ignore, if `ext` names them", () => {
  const payload = JSON.stringify({ ...keyFile, ext: ["colour"], colour: { of: "office" } });
  const verdict = judge(newDevice, signedAnyway(payload));
  expect(verdict).toMatchObject({ verdict: "accepted", payload: keyFile });
  expect(verdict).not.toHaveProperty("payload.colour");
});

test("what the program itself cannot make sense of is rejected", () => {
  const makesSense = (arrival: Arrival) =>
    arrival.kind !== "key-file" || arrival.payload.policy["removable-media.mode"] === "allow";
  expect(codeOf(newDevice, keyFileOf(), { makesSense })).toBe("content");
  expect(codeOf(newDevice, ordersOf(), { makesSense })).toBe("accepted");
});

test("offer, join, notice, report and root are nothing that a device accepts", () => {
  for (const typ of ["offer", "join", "notice", "report", "root"]) {
    expect(codeOf(newDevice, signedAnyway(JSON.stringify(keyFile), `kf1-${typ}+jws`)), typ).toBe("signature");
  }
});

test("only what is really signed is called older, doubled, foreign or senseless", () => {
  const payloads = [
    { ...keyFile, ver: 16 },
    { ...keyFile, own_content: digestOf("other") },
    { ...keyFile, act: ids.otherAct },
    { ...keyFile, epoch: 9 },
  ];
  for (const payload of payloads) {
    expect(codeOf(seventeen, signKeyFile(payload, signerOf(stranger)))).toBe("signature");
  }
});

const versions = { lower: 16, same: 17, "same, another": 17, higher: 18 } as const;

/** One row: what becomes of something signed, at a device that holds version 17 of epoch 2. */
function* rows(): Generator<string> {
  const held = having(keyFileOf(), ordersOf(), pulseOf({ iat: signedAt + 17, nonce: keyFile.nonce }));
  const raised: DeviceState = { ...held, root: { ...root, version: 6, epoch: 3 } };
  const other = digestOf("other");
  const makers = {
    "key-file": (epoch: number, version: keyof typeof versions) =>
      keyFileOf({ epoch, ver: versions[version], ...(version === "same" ? {} : { own_content: other }) }),
    orders: (epoch: number, version: keyof typeof versions) =>
      ordersOf({ epoch, cver: versions[version], ...(version === "same" ? {} : { locked: false }) }),
    pulse: (epoch: number, version: keyof typeof versions) =>
      pulseOf({
        epoch,
        iat: signedAt + versions[version],
        nonce: version === "same" ? keyFile.nonce : pulse.nonce,
      }),
  };
  for (const [kind, make] of Object.entries(makers)) {
    for (const [epochOfRoot, state] of [[2, held] as const, [3, raised] as const]) {
      for (const epoch of [1, 2, 3]) {
        for (const version of Object.keys(versions) as (keyof typeof versions)[]) {
          const code = codeOf(state, make(epoch, version));
          const row = [
            kind.padEnd(8),
            `root ${epochOfRoot}`,
            `epoch ${epoch}`,
            `version ${version}`.padEnd(21),
          ];
          yield `${row.join("  ")} => ${code}`;
        }
      }
    }
  }
}

test("accept.table.txt says what becomes of what is signed for a device that holds version 17 of epoch 2", async () => {
  await expect(`${[...rows()].join("\n")}\n`).toMatchFileSnapshot("./accept.table.txt");
});
