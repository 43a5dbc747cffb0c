import { createDecipheriv } from "node:crypto";

import { expect, test } from "vitest";

import { activationKeysOf, comparisonDigits, newActivationSecret } from "./activation-code.ts";
import { newBoxKey } from "./box.ts";
import { ageKey, ids, keyRing, root, roleOf, signedAt, signingKeys } from "./examples.ts";
import { machineOf, signJoin, transcriptOf, verifyJoin, type Join, type JoinContent } from "./join.ts";
import { signNotice, verifyNotice, type Notice } from "./notice.ts";
import { openOffer, sealOffer, signOffer, type Offer } from "./offer.ts";
import { signRoot, type Root } from "./root.ts";
import { kidOf, publicHalf, signerOf, type PrivateJwk } from "./signing-key.ts";

const { root: holder, issuer, nextIssuer, pulse, device, stranger } = signingKeys;
const keys = activationKeysOf(newActivationSecret());
const otherKeys = activationKeysOf(newActivationSecret());

const offer: Offer = {
  org: ids.org,
  act: ids.act,
  iat: signedAt,
  exp: signedAt + 14 * 86_400,
  roots: [signRoot(root, signerOf(holder))],
  box: ageKey.recipient,
  relays: ["https://relay.northwind.example/"],
  machine_key: Buffer.alloc(32, 41).toString("base64url"),
};

function sealed(changes: Partial<Offer> = {}, key: PrivateJwk = issuer): Uint8Array {
  return sealOffer(signOffer({ ...offer, ...changes }, signerOf(key)), keys.offerKey);
}

function opened(blob: Uint8Array = sealed()): Exclude<ReturnType<typeof openOffer>, string> {
  const result = openOffer(blob, keys.offerKey, signedAt);
  if (typeof result === "string") throw new Error(result);
  return result;
}

const content: JoinContent = {
  org: ids.org,
  act: ids.act,
  iat: signedAt,
  box: ageKey.recipient,
  orders_box: ageKey.recipient,
  facts: {
    machine: machineOf(offer.machine_key, "a machine"),
    name: "WS-12",
    os: "Debian 13",
    client: "1.0.0",
    keystore: "file",
  },
};
const proof = { joinMac: keys.joinMac, offerHash: opened().hash };
const activation = { org: ids.org, act: ids.act };

test("whoever knows the code opens the offer and trusts the root in it", () => {
  expect(opened()).toMatchObject({ offer, root });
});

test("an offer that was sealed anew is the same offer: a retry of the server changes no transcript", () => {
  const [first, second] = [sealed(), sealed()];
  expect(Buffer.from(first).equals(second)).toBe(false);
  expect(first).toHaveLength(second.length);
  expect(opened(first).hash).toBe(opened(second).hash);
});

test("another code does not open the offer, and neither does the right one once it was touched", () => {
  const blob = sealed();
  expect(openOffer(blob, otherKeys.offerKey, signedAt)).toBe("box");
  for (const at of [0, 11, 12, 1000, blob.length - 1]) {
    const altered = Uint8Array.from(blob);
    altered[at] = (altered[at] ?? 0) ^ 1;
    expect(openOffer(altered, keys.offerKey, signedAt)).toBe("box");
  }
  for (const wrong of [new Uint8Array(), new Uint8Array(27), new Uint8Array(300_000), blob.subarray(1)]) {
    expect(openOffer(wrong, keys.offerKey, signedAt)).toBe("box");
  }
});

test("an offer is ChaCha20-Poly1305 of the padded JWS: nonce, ciphertext, tag, bound to `kf1/offer`", () => {
  const blob = sealed();
  const decipher = createDecipheriv("chacha20-poly1305", keys.offerKey, blob.subarray(0, 12), {
    authTagLength: 16,
  });
  decipher.setAAD(Buffer.from("kf1/offer"), { plaintextLength: blob.length - 28 });
  decipher.setAuthTag(blob.subarray(-16));
  const plain = Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()]);
  expect(plain.toString().trimEnd()).toBe(signOffer(offer, signerOf(issuer)));
  expect(plain).toHaveLength(4096);
});

test("an offer has a last moment", () => {
  expect(openOffer(sealed(), keys.offerKey, offer.exp - 1)).toMatchObject({ root });
  expect(openOffer(sealed(), keys.offerKey, offer.exp)).toBe("expired");
});

test("an offer is signed by an issuer of the root that it brings", () => {
  for (const key of [stranger, pulse, holder, nextIssuer]) {
    expect(openOffer(sealed({}, key), keys.offerKey, signedAt)).toBe("signature");
  }
});

test("an offer brings a root that its holders signed, of its own organisation, and every step to the newest", () => {
  const six: Root = {
    ...root,
    version: 6,
    keys: keyRing(holder, nextIssuer, pulse),
    roles: { ...root.roles, issuer: roleOf(nextIssuer) },
  };
  const steps = [...offer.roots, signRoot(six, signerOf(holder))];
  expect(openOffer(sealed({ roots: steps }, nextIssuer), keys.offerKey, signedAt)).toMatchObject({
    root: six,
  });
  const wrong = [
    [signRoot(root, signerOf(stranger))],
    [...offer.roots, signRoot({ ...root, version: 7 }, signerOf(holder))],
    [signRoot({ ...root, org: ids.otherAct }, signerOf(holder))],
    ["x"],
  ];
  for (const roots of wrong) expect(openOffer(sealed({ roots }), keys.offerKey, signedAt)).toBe("root");
});

test("what is no offer is refused, though it was sealed with the code", () => {
  const seal = (jws: string) => openOffer(sealOffer(jws, keys.offerKey), keys.offerKey, signedAt);
  expect(seal("x")).toBe("content");
  expect(seal(signJoin(content, device, proof))).toBe("content");
  expect(() => sealed({ exp: signedAt })).toThrow("an offer ends after it begins");
});

test("a join is taken when its sender knew the code, and names the device's keys", () => {
  const join = verifyJoin(signJoin(content, device, proof), activation, proof);
  expect(join).toMatchObject({ ...content, sign: publicHalf(device) });
});

test("a join that is repeated is the same join: signing it again gives the same bytes", () => {
  expect(signJoin(content, device, proof)).toBe(signJoin(content, device, proof));
});

test("a join by somebody who does not know the code is refused", () => {
  const guessed = signJoin(content, device, { ...proof, joinMac: otherKeys.joinMac });
  expect(verifyJoin(guessed, activation, proof)).toBe("mac");
});

test("a join for another offer is refused", () => {
  const other = signJoin(content, device, { ...proof, offerHash: "0".repeat(64) });
  expect(verifyJoin(other, activation, proof)).toBe("mac");
});

/** Somebody else's device passes on what a join said, under a key of its own. */
function replayed(join: Join, changes: Partial<Join>, key: PrivateJwk, kid = kidOf(key)): string {
  const header = JSON.stringify({ alg: "Ed25519", kid, typ: "kf1-join+jws" });
  const payload = JSON.stringify({ ...join, ...changes });
  const bytes = [header, payload].map((text) => Buffer.from(text).toString("base64url")).join(".");
  return `${bytes}.${Buffer.from(signerOf(key).sign(Buffer.from(bytes))).toString("base64url")}`;
}

test("a join that is replayed with another device's key, or another box, is refused", async () => {
  const join = verifyJoin(signJoin(content, device, proof), activation, proof) as Join;
  const sign = publicHalf(stranger);
  const transcript = transcriptOf(proof.offerHash, ids.act, { ...join, sign });
  expect(verifyJoin(replayed(join, { sign }, stranger), activation, proof)).toBe("mac");
  expect(verifyJoin(replayed(join, { sign, transcript }, stranger), activation, proof)).toBe("mac");
  expect(verifyJoin(replayed(join, {}, stranger), activation, proof)).toBe("signature");
  expect(verifyJoin(replayed(join, { sign }, device), activation, proof)).toBe("signature");
  const { recipient } = await newBoxKey();
  for (const changes of [{ box: recipient }, { orders_box: recipient }]) {
    expect(verifyJoin(replayed(join, changes, device), activation, proof)).toBe("mac");
  }
  expect(verifyJoin(replayed(join, { transcript }, device), activation, proof)).toBe("mac");
  expect(verifyJoin(replayed(join, {}, device, kidOf(stranger)), activation, proof)).toBe("signature");
  expect(verifyJoin(replayed(join, {}, device), activation, proof)).toEqual(join);
});

test("a join for another activation is refused, and so is what is no join", () => {
  const join = signJoin(content, device, proof);
  expect(verifyJoin(join, { ...activation, act: ids.otherAct }, proof)).toBe("recipient");
  expect(verifyJoin(join, { ...activation, org: ids.otherAct }, proof)).toBe("recipient");
  expect(verifyJoin("x", activation, proof)).toBe("signature");
  expect(verifyJoin(`${join.slice(0, -8)}AAAAAAAA`, activation, proof)).toBe("signature");
  expect(verifyJoin(signOffer(offer, signerOf(issuer)), activation, proof)).toBe("content");
});

test("one machine has one name under a machine key, and another under another", () => {
  expect(machineOf(offer.machine_key, "a machine")).toBe(content.facts.machine);
  expect(machineOf(offer.machine_key, "another")).not.toBe(content.facts.machine);
  expect(machineOf(Buffer.alloc(32, 42).toString("base64url"), "a machine")).not.toBe(content.facts.machine);
});

test("both sides show the same six digits for the same device", () => {
  const mine = transcriptOf(proof.offerHash, ids.act, { ...content, sign: publicHalf(device) });
  const theirs = transcriptOf(proof.offerHash, ids.act, { ...content, sign: publicHalf(stranger) });
  expect(comparisonDigits(keys.sas, mine)).toBe(comparisonDigits(keys.sas, mine));
  expect(mine).not.toBe(theirs);
});

const notice: Notice = {
  org: ids.org,
  act: ids.act,
  dev: kidOf(device),
  iat: signedAt,
  code: "code-already-used",
};
const told = { act: ids.act, dev: kidOf(device) };

test("a device believes that its code is used up when an issuer says so, and nobody else", () => {
  expect(verifyNotice(signNotice(notice, signerOf(issuer)), told, root)).toEqual(notice);
  for (const key of [stranger, pulse, holder]) {
    expect(verifyNotice(signNotice(notice, signerOf(key)), told, root)).toBeNull();
  }
  expect(verifyNotice("x", told, root)).toBeNull();
  expect(verifyNotice(signOffer(offer, signerOf(issuer)), told, root)).toBeNull();
});

test("a notice to another device or activation says nothing to this one", () => {
  for (const changes of [{ dev: kidOf(stranger) }, { act: ids.otherAct }, { org: ids.otherAct }]) {
    expect(verifyNotice(signNotice({ ...notice, ...changes }, signerOf(issuer)), told, root)).toBeNull();
  }
});
