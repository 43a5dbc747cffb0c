// ML-KEM-768 together with X25519, on node:crypto: what one of them keeps is kept, whatever becomes of the other. It is the
// KEM of age's hybrid recipients (MLKEM768-X25519 of draft-irtf-cfrg-concrete-hybrid-kems, which is X-Wing).

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  decapsulate,
  encapsulate,
  randomBytes,
  type KeyObject,
} from "node:crypto";

import { x25519PublicOf, x25519Secret, x25519Shared } from "./x25519.ts";

const x25519Bytes = 32;
const latticePublicBytes = 1184;
const latticeSealedBytes = 1088;
const latticeSeedBytes = 64;

export const hybridPublicBytes = latticePublicBytes + x25519Bytes;
/** What is sent so that the other end comes to the same secret. */
export const hybridSealedBytes = latticeSealedBytes + x25519Bytes;

// What stands before a seed and before a public key of ML-KEM-768 in DER (RFC 9935).
const beforeSeed = Buffer.from("3054020100300b06096086480165030404020442" + "8040", "hex");
const beforePublic = Buffer.from("308204b2300b0609608648016503040402038204a100", "hex");

/** `\.//^\`, the draft's own. */
const label = Buffer.from("5c2e2f2f5e5c", "hex");

interface Shares {
  readonly lattice: Buffer;
  readonly x25519: Buffer;
  /** The X25519 parts of what is sent and of the public key; the lattice's own are bound by its secret already. */
  readonly sent: Uint8Array;
  readonly to: Uint8Array;
}

function combined({ lattice, x25519, sent, to }: Shares): Buffer {
  const hash = createHash("sha3-256");
  for (const part of [lattice, x25519, sent, to, label]) hash.update(part);
  return hash.digest();
}

interface SecretHalves {
  readonly lattice: KeyObject;
  readonly x25519: KeyObject;
}

/** Both secrets grow from 32 bytes. */
function halvesOf(seed: Uint8Array): SecretHalves {
  const grown = createHash("shake256", { outputLength: latticeSeedBytes + x25519Bytes })
    .update(seed)
    .digest();
  const der = Buffer.concat([beforeSeed, grown.subarray(0, latticeSeedBytes)]);
  return {
    lattice: createPrivateKey({ key: der, format: "der", type: "pkcs8" }),
    x25519: x25519Secret(grown.subarray(latticeSeedBytes)),
  };
}

/** The 1,216 public bytes that belong to 32 secret ones. */
export function hybridPublicOf(seed: Uint8Array): Buffer {
  const { lattice, x25519 } = halvesOf(seed);
  const spki = createPublicKey(lattice).export({ format: "der", type: "spki" });
  return Buffer.concat([spki.subarray(beforePublic.length), x25519PublicOf(x25519)]);
}

/**
 * A new secret for whoever holds the other half.
 * @throws Error for public bytes that are no key: not reduced (FIPS 203 §7.2), or of low order.
 */
export function hybridEncapsulate(to: Uint8Array): { secret: Buffer; sealed: Buffer } {
  const key = Buffer.concat([beforePublic, to.subarray(0, latticePublicBytes)]);
  const lattice = encapsulate(createPublicKey({ key, format: "der", type: "spki" }));
  const ephemeral = x25519Secret(randomBytes(x25519Bytes));
  const [sent, other] = [x25519PublicOf(ephemeral), to.subarray(latticePublicBytes)];
  const shared = x25519Shared(ephemeral, other);
  return {
    secret: combined({ lattice: lattice.sharedKey, x25519: shared, sent, to: other }),
    sealed: Buffer.concat([lattice.ciphertext, sent]),
  };
}

/**
 * Gives, of the 1,120 bytes that were sent, the secret. What was sent to somebody else gives another secret, and no error
 * (FIPS 203 §6.3); a share of low order throws an Error. Growing the keys takes longer than using them.
 */
export function hybridDecapsulator(seed: Uint8Array): (sealed: Uint8Array) => Buffer {
  const { lattice, x25519 } = halvesOf(seed);
  const to = x25519PublicOf(x25519);
  return (sealed) => {
    const sent = sealed.subarray(latticeSealedBytes);
    return combined({
      lattice: decapsulate(lattice, sealed.subarray(0, latticeSealedBytes)),
      x25519: x25519Shared(x25519, sent),
      ...{ sent, to },
    });
  };
}
