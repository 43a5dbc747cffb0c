import { randomBytes } from "node:crypto";

import {
  Decrypter,
  Encrypter,
  Stanza,
  identityToRecipient,
  type Identity,
  type Recipient,
} from "age-encryption";
import fc from "fast-check";
import { expect, test } from "vitest";

import { newIdentity, readIdentity, readRecipient, recipientOf } from "./age-key.ts";
import { encodeBech32 } from "./bech32.ts";
import { hybridPublicOf } from "./hybrid-kem.ts";
import { unwrapperFor, wrapperFor } from "./stanza.ts";

// What age-encryption does with the same keys and the same bytes is what is right; that its verdicts are the published
// ones is shown with the CCTV vectors in packages/workstation.
const identity = newIdentity("hybrid");
const recipient = recipientOf(identity);

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
const prefixes = ["age-secret-key-pq-", "age-secret-key-"] as const;
const secrets = fc
  .tuple(fc.constantFrom(...prefixes), seeds)
  .map(([prefix, seed]) => ({ seed, secret: encodeBech32(prefix, seed).toUpperCase() }));

async function sealedTo(to: string | Recipient, plain: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(to);
  return encrypter.encrypt(plain);
}

async function openedBy(by: string | Identity, file: Uint8Array): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(by);
  return decrypter.decrypt(file);
}

test("the public half of any identity is the one that the library gives", async () => {
  await fc.assert(
    fc.asyncProperty(secrets, async ({ seed, secret }) => {
      expect(recipientOf(secret)).toBe(await identityToRecipient(secret));
      expect(readIdentity(secret)?.bytes).toEqual(Buffer.from(seed));
    }),
    { numRuns: 50 },
  );
});

test("what is sealed here opens in the library, and what the library seals opens here, for any key and content", async () => {
  await fc.assert(
    fc.asyncProperty(secrets, fc.uint8Array(), async ({ secret }, plain) => {
      const to = recipientOf(secret);
      expect(await openedBy(secret, await sealedTo(wrapperFor(to), plain))).toEqual(plain);
      expect(await openedBy(unwrapperFor(secret), await sealedTo(to, plain))).toEqual(plain);
      expect(await openedBy(unwrapperFor(secret), await sealedTo(wrapperFor(to), plain))).toEqual(plain);
    }),
    { numRuns: 50 },
  );
});

/** What an identity makes of a header with these stanzas: their MAC is wrong, which is only looked at once one has opened. */
async function verdictOf(by: string | Identity, stanzas: readonly Stanza[]): Promise<string> {
  const lines = stanzas.flatMap(({ args, body }) => {
    const text = Buffer.from(body).toString("base64").replace(/=+$/, "");
    return [`-> ${args.join(" ")}`, text];
  });
  const header = ["age-encryption.org/v1", ...lines, `--- ${"A".repeat(43)}`, ""].join("\n");
  const decrypter = new Decrypter();
  decrypter.addIdentity(by);
  return decrypter.decryptHeader(Buffer.from(header)).then(
    () => "whole",
    (error: unknown) => {
      if (String(error).includes("no identity matched")) return "for somebody else";
      return String(error).includes("invalid header HMAC") ? "opened" : "refused";
    },
  );
}

const kind = "mlkem768x25519";
const [stanza] = wrapperFor(recipient)
  .wrapFileKey(randomBytes(16))
  .map(({ args, body }) => new Stanza(args, body)) as [Stanza];
const share = Buffer.from(stanza.args[1] ?? "", "base64");

function altered(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

const argOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64").replace(/=+$/, "");
const withShare = (bytes: Uint8Array) => new Stanza([kind, argOf(bytes)], stanza.body);
const withX25519 = (point: Uint8Array) => withShare(Buffer.concat([share.subarray(0, 1088), point]));
const [stranger] = wrapperFor(recipientOf(newIdentity("hybrid")))
  .wrapFileKey(randomBytes(16))
  .map(({ args, body }) => new Stanza(args, body)) as [Stanza];

// RFC 7748 §6.1, and "May the Fourth Be With You": with these nothing is shared but zeros.
const lowOrder = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
].map((point) => Buffer.from(point, "hex"));

const stanzas: Record<string, { verdict: string; stanzas: readonly Stanza[] }> = {
  "its own": { verdict: "opened", stanzas: [stanza] },
  "one for somebody else": { verdict: "for somebody else", stanzas: [stranger] },
  "one for somebody else before its own": { verdict: "opened", stanzas: [stranger, stanza] },
  "another kind": { verdict: "for somebody else", stanzas: [new Stanza(["X25519", "A"], stanza.body)] },
  "no share": { verdict: "refused", stanzas: [new Stanza([kind], stanza.body)] },
  "one argument more": { verdict: "refused", stanzas: [new Stanza([...stanza.args, "x"], stanza.body)] },
  "a share that is too short": { verdict: "refused", stanzas: [withShare(share.subarray(1))] },
  "a share that is too long": { verdict: "refused", stanzas: [withShare(Buffer.concat([share, share]))] },
  "a share that is no base64": {
    verdict: "refused",
    stanzas: [new Stanza([kind, "!".repeat(1494)], stanza.body)],
  },
  "a share with padding": {
    verdict: "refused",
    stanzas: [new Stanza([kind, `${argOf(share)}=`], stanza.body)],
  },
  "a share whose last bits are not zero": {
    verdict: "refused",
    stanzas: [new Stanza([kind, argOf(share).replace(/.$/, "B")], stanza.body)],
  },
  "a body that is too short": {
    verdict: "refused",
    stanzas: [new Stanza([...stanza.args], stanza.body.subarray(1))],
  },
  "an altered body": {
    verdict: "for somebody else",
    stanzas: [new Stanza([...stanza.args], altered(stanza.body, 0))],
  },
  "an altered tag": {
    verdict: "for somebody else",
    stanzas: [new Stanza([...stanza.args], altered(stanza.body, 31))],
  },
  "an altered lattice share": { verdict: "for somebody else", stanzas: [withShare(altered(share, 0))] },
  "an altered X25519 share": { verdict: "for somebody else", stanzas: [withShare(altered(share, 1088))] },
  // X25519 does not look at this bit (RFC 7748 §5), but what is sent is part of the secret.
  "an X25519 share with its highest bit set": {
    verdict: "for somebody else",
    stanzas: [
      withX25519(Buffer.concat([share.subarray(1088, -1), Buffer.from([(share.at(-1) ?? 0) | 0x80])])),
    ],
  },
  ...Object.fromEntries(
    lowOrder.map((point) => [
      `a share of low order ${point.toString("hex").slice(0, 8)}`,
      { verdict: "refused", stanzas: [withX25519(point)] },
    ]),
  ),
};

test.each(Object.entries(stanzas))("%s has the same verdict here and in the library", async (_, given) => {
  const verdicts = [
    await verdictOf(identity, given.stanzas),
    await verdictOf(unwrapperFor(identity), given.stanzas),
  ];
  expect(verdicts).toEqual([given.verdict, given.verdict]);
});

function recipientWith(alter: (bytes: Buffer) => Uint8Array): string {
  return encodeBech32("age1pq", alter(hybridPublicOf(Buffer.alloc(32, 7))));
}

const lowOrderRecipients = lowOrder.map((point) =>
  recipientWith((bytes) => Buffer.concat([bytes.subarray(0, 1184), point])),
);

test.each(lowOrderRecipients)(
  "to an X25519 key of low order nothing is sealed, here or in the library: %#",
  async (to) => {
    expect(readRecipient(to)?.kind).toBe("hybrid");
    await expect(sealedTo(to, Buffer.alloc(1))).rejects.toThrow();
    await expect(sealedTo(wrapperFor(to), Buffer.alloc(1))).rejects.toThrow();
  },
);

test("to a lattice key with a number beyond the prime nothing is sealed, as FIPS 203 §7.2 has it", () => {
  const to = recipientWith((bytes) => bytes.fill(0xff, 0, 1152));
  expect(readRecipient(to)?.kind).toBe("hybrid");
  expect(() => wrapperFor(to).wrapFileKey(Buffer.alloc(16))).toThrow();
});

test("what is no key is none, and a mistyped identity is not quoted", () => {
  for (const text of ["", recipient, identity.toLowerCase(), `${identity.slice(0, -1)}1`]) {
    expect(() => unwrapperFor(text)).toThrow(/^not an age identity$/);
  }
  for (const text of ["", identity, recipient.toUpperCase(), `${recipient}q`]) {
    expect(() => wrapperFor(text)).toThrow(RangeError);
  }
});

test("one of a thousand classic recipients begins as hybrid ones do, and is classic all the same", () => {
  const text = encodeBech32("age", Buffer.alloc(32, 0).fill(8, 0, 1));
  expect(text).toMatch(/^age1pq/);
  expect(readRecipient(text)?.kind).toBe("classic");
});
