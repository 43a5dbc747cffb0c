// Who is in the model: three activations of two users, everybody who signs, and what was ever signed. Signatures are real;
// one over the same bytes is made once, since Ed25519 (RFC 8032 §5.1.6) gives the same one every time.

import {
  kidOf,
  publicHalf,
  signerOf,
  signingKeyFrom,
  type PrivateJwk,
  type PublicJwk,
  type Root,
  type Signer,
} from "@lockstep/keyfile";

const mostCached = 20_000;

/** Remembers what a function gave for a key, and forgets all of it now and then. */
export function remembering<Value>(): (key: string, make: () => Value) => Value {
  const known = new Map<string, Value>();
  return (key, make) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make();
    if (known.size >= mostCached) known.clear();
    known.set(key, made);
    return made;
  };
}

function remembered(jwk: PrivateJwk): Signer {
  const signer = signerOf(jwk);
  const known = remembering<Uint8Array>();
  return {
    kid: signer.kid,
    sign: (bytes) => known(Buffer.from(bytes).toString("latin1"), () => signer.sign(bytes)),
  };
}

function key(byte: number): PrivateJwk {
  return signingKeyFrom(Buffer.alloc(32, byte));
}

const [holder, pulse, stranger] = [key(1), key(2), key(3)];
/** The last of them is never made one. */
const issuers = [10, 11, 12, 13, 14, 15, 16, 17].map(key);

/** Everybody who signs. `stranger` may sign nothing. */
export const signers = {
  holder: remembered(holder),
  pulse: remembered(pulse),
  stranger: remembered(stranger),
  issuers: issuers.map(remembered),
};

/** The issuer with a number, from 0. */
export function issuerOf(number: number): Signer {
  const signer = signers.issuers[number];
  if (signer === undefined) throw new Error("no issuer");
  return signer;
}

function uuid(kind: number, number: number): string {
  return `018f0000-0000-7000-8${kind.toString(16).padStart(3, "0")}-${number.toString(16).padStart(12, "0")}`;
}

export const org = uuid(1, 1);
export const orderId = (number: number) => uuid(2, number);
export const teamKey = uuid(3, 1);

/** One user on one workstation. */
export interface Party {
  readonly act: string;
  readonly user: string;
  readonly wks: string;
  readonly ownKey: string;
  readonly sign: PrivateJwk;
  readonly dev: string;
}

/** The first two are of one user. */
export const parties: readonly Party[] = [0, 0, 1].map((user, at) => {
  const sign = key(40 + at);
  return {
    act: uuid(4, at),
    user: uuid(5, user),
    wks: uuid(6, at),
    ownKey: uuid(7, at),
    sign,
    dev: kidOf(sign),
  };
});

export const startsAt = 1_793_700_000;

function ring(...keys: readonly PublicJwk[]) {
  return Object.fromEntries(keys.map((each) => [kidOf(each), publicHalf(each)]));
}

/** A root with the issuer of a number. */
export function rootWith(
  version: number,
  epoch: number,
  issuer: number,
  by: "holder" | "stranger" = "holder",
): Root {
  const rootKey = by === "holder" ? holder : stranger;
  const jwk = issuers[issuer] ?? holder;
  const role = (each: PublicJwk) => ({ kids: [kidOf(each)], threshold: 1 as const });
  return {
    org,
    version,
    expires: startsAt + 2 * 365 * 86_400,
    epoch,
    keys: ring(rootKey, jwk, pulse),
    roles: { root: role(rootKey), issuer: role(jwk), pulse: role(pulse) },
    min_client: 1,
  };
}

/** What must never happen has happened. */
export class Violation extends Error {}

export function must(holds: boolean, says: string): asserts holds {
  if (!holds) throw new Violation(says);
}
