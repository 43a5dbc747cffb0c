import { expect, test } from "vitest";

import { keyRing, root, roleOf, signedAt, signingKeys } from "./examples.ts";
import { countersign, readRoot, signRoot, trustRoots, walkRoots, type Root } from "./root.ts";
import { kidOf, publicHalf, signerOf, type PrivateJwk } from "./signing-key.ts";

const { root: holder, secondRoot, nextRoot, issuer, nextIssuer, pulse, stranger } = signingKeys;

function signedBy(value: Root, first: PrivateJwk, ...others: readonly PrivateJwk[]): string {
  return others.reduce((signed, key) => countersign(signed, signerOf(key)), signRoot(value, signerOf(first)));
}

/** The root after the example's, with whatever changes. */
function next(changes: Partial<Root> = {}, version = 6): Root {
  return { ...root, version, ...changes };
}

/** The next root, whose root role has passed on to other holders. */
const handedOver = next({
  keys: keyRing(nextRoot, issuer, pulse),
  roles: { ...root.roles, root: roleOf(nextRoot) },
});

const twoHolders = (version: number, threshold: number): Root =>
  next(
    {
      keys: keyRing(holder, secondRoot, nextRoot, issuer, pulse),
      roles: { ...root.roles, root: { ...roleOf(holder, secondRoot, nextRoot), threshold } },
    },
    version,
  );

test("a root follows the one before it when its holder signed it", () => {
  const changed = next({
    keys: keyRing(holder, nextIssuer, pulse),
    roles: { ...root.roles, issuer: roleOf(nextIssuer) },
  });
  expect(walkRoots(root, [signedBy(changed, holder)])).toEqual(changed);
  expect(walkRoots(root, [])).toBe(root);
});

test("several versions are walked one by one", () => {
  const steps = [6, 7, 8].map((version) => signedBy(next({}, version), holder));
  expect(walkRoots(root, steps)?.version).toBe(8);
});

test("no version is skipped: root 7 does not follow root 5", () => {
  expect(walkRoots(root, [signedBy(next({}, 7), holder)])).toBeNull();
  const [six, seven] = [signedBy(next({}, 6), holder), signedBy(next({}, 7), holder)];
  expect(walkRoots(root, [seven, six])).toBeNull();
  expect(walkRoots(root, [six, seven])?.version).toBe(7);
});

test("a root never goes down: older versions and another one of the same are passed over, whoever signed them", () => {
  const older = [1, 4, 5].map((version) => signedBy(next({ min_client: 9 }, version), holder));
  expect(walkRoots(root, older)).toBe(root);
  expect(walkRoots(root, [...older, signedBy(next(), holder)])).toEqual(next());
});

test("new holders need the old ones' signature: theirs alone is not enough, and the old ones' alone is not either", () => {
  expect(walkRoots(root, [signedBy(handedOver, nextRoot)])).toBeNull();
  expect(walkRoots(root, [signedBy(handedOver, holder)])).toBeNull();
  expect(walkRoots(root, [signedBy(handedOver, holder, nextRoot)])).toEqual(handedOver);
  expect(walkRoots(root, [signedBy(handedOver, nextRoot, holder)])).toEqual(handedOver);
});

test("a threshold counts holders, not signatures", () => {
  const five = twoHolders(5, 2);
  const six = twoHolders(6, 2);
  expect(walkRoots(five, [signedBy(six, holder)])).toBeNull();
  expect(walkRoots(five, [signedBy(six, holder, holder)])).toBeNull();
  expect(walkRoots(five, [signedBy(six, holder, stranger)])).toBeNull();
  expect(walkRoots(five, [signedBy(six, holder, issuer)])).toBeNull();
  expect(walkRoots(five, [signedBy(six, holder, secondRoot)])).toEqual(six);
  expect(walkRoots(five, [signedBy(six, stranger, nextRoot, secondRoot)])).toEqual(six);
});

test("a threshold that rises must be reached by the new root too", () => {
  const six = twoHolders(6, 2);
  expect(walkRoots(root, [signedBy(six, holder)])).toBeNull();
  expect(walkRoots(root, [signedBy(six, holder, nextRoot)])).toEqual(six);
});

test("INV-23: neither issuer nor stranger makes a root", () => {
  for (const key of [issuer, pulse, stranger]) expect(walkRoots(root, [signedBy(next(), key)])).toBeNull();
});

test("a stranger's signature under the holder's name makes no root, first or next", () => {
  const impostor = { ...signerOf(stranger), kid: kidOf(holder) };
  expect(walkRoots(root, [signRoot(next(), impostor)])).toBeNull();
  expect(trustRoots([signRoot(root, impostor)])).toBeNull();
  const five = twoHolders(5, 2);
  const half = signedBy(twoHolders(6, 2), secondRoot);
  expect(walkRoots(five, [countersign(half, impostor)])).toBeNull();
});

test("what a holder signed as something else than a root is no signature of a root", () => {
  const signer = signerOf(holder);
  const payload = signRoot(next(), signer).split(".")[1] ?? "";
  const header = JSON.stringify({ alg: "Ed25519", kid: signer.kid, typ: "kf1-keyfile+jws" });
  const bytes = `${Buffer.from(header).toString("base64url")}.${payload}`;
  const signature = Buffer.from(signer.sign(Buffer.from(bytes))).toString("base64url");
  expect(walkRoots(root, [`${bytes}.${signature}`])).toBeNull();
});

test("an epoch never goes down, and only a root raises it", () => {
  expect(walkRoots(root, [signedBy(next({ epoch: 1 }), holder)])).toBeNull();
  expect(walkRoots(root, [signedBy(next({ epoch: 3 }), holder)])?.epoch).toBe(3);
});

test("a root of another organisation does not follow", () => {
  const other = next({ org: "018f0000-0000-7000-8000-0000000000ff" });
  expect(walkRoots(root, [signedBy(other, holder)])).toBeNull();
});

test("signatures over two different roots do not add up", () => {
  const [one, other] = [signedBy(handedOver, holder), signedBy({ ...handedOver, min_client: 2 }, nextRoot)];
  expect(walkRoots(root, [`${one} ${other}`])).toBeNull();
  expect(readRoot(`${one} ${other}`)).toBeNull();
});

test("a damaged signature, one of another type, and more than 32 of them do not count", () => {
  const good = signedBy(next(), holder);
  const cut = good.slice(0, -4);
  expect(walkRoots(root, [cut])).toBeNull();
  expect(walkRoots(root, [`${good} `])).toBeNull();
  expect(walkRoots(root, ["", "x"])).toBeNull();
  expect(walkRoots(root, [Array.from({ length: 33 }, () => good).join(" ")])).toBeNull();
  expect(walkRoots(root, [Array.from({ length: 32 }, () => good).join(" ")])).toEqual(next());
});

test("a root is what it says: keys under their thumbprints, each in one role, and thresholds that can be reached", () => {
  const { keys, roles } = root;
  const wrong: Partial<Root>[] = [
    { keys: { ...keys, [kidOf(stranger)]: publicHalf(issuer) } },
    { roles: { ...roles, issuer: roleOf(stranger) } },
    { roles: { ...roles, issuer: roleOf(holder) } },
    { roles: { ...roles, pulse: roleOf(issuer) } },
    { roles: { ...roles, root: { ...roles.root, threshold: 2 } } },
    { roles: { ...roles, root: { ...roles.root, threshold: 0 } } },
    { roles: { ...roles, root: { kids: [kidOf(holder), kidOf(holder)], threshold: 1 } } },
    { roles: { ...roles, issuer: { kids: [], threshold: 1 } } },
  ];
  for (const changes of wrong) expect(() => signRoot(next(changes), signerOf(holder))).toThrow("not a root");
});

test("an expired root is still a root: a forgotten ceremony stops nobody at once", () => {
  expect(walkRoots(root, [signedBy(next({ expires: signedAt - 1 }), holder)])?.version).toBe(6);
});

test("a chain that is trusted for its first root must begin with one that its own holders signed", () => {
  const first = signedBy(root, holder);
  expect(trustRoots([first, signedBy(handedOver, holder, nextRoot)])).toEqual(handedOver);
  expect(trustRoots([signedBy(root, stranger)])).toBeNull();
  expect(trustRoots([signedBy(root, issuer)])).toBeNull();
  expect(trustRoots([first, signedBy(handedOver, nextRoot)])).toBeNull();
  expect(trustRoots([])).toBeNull();
});

test("only a root is countersigned", () => {
  expect(() => countersign("x", signerOf(holder))).toThrow("expected a signed root");
});
