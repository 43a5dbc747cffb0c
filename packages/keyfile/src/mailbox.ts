// A mailbox at the relay: the two keys that its doors know and the numbers of its slots, all grown from one secret, so
// that both ends have them and the relay only ever sees public halves and numbers without a meaning.

import { derive } from "./hkdf.ts";
import { signerFrom, signingKeyFrom, type PrivateJwk, type Signer } from "./signing-key.ts";

/** What lies in a slot of a mailbox; an answer is to one device. In the queue, slot 0, are joins and reports. */
export type SlotUse = "offer" | "key-file" | "orders" | "pulse" | { readonly answerTo: string };

/** A key grows whenever it is asked for: whoever only reads needs no other. */
export interface Mailbox {
  /** Whoever fetches signs with it. */
  readonly read: PrivateJwk;
  /** Whoever puts or withdraws signs with it. */
  readonly write: PrivateJwk;
  /** Signs with one of them. */
  readonly signerOf: (use: "read" | "write") => Signer;
  /** The number of a slot, from 1 to 2^31 − 1; `answerTo` is the thumbprint of a device. */
  readonly slotOf: (use: SlotUse) => number;
}

const salt = "kf1/mailbox";

/**
 * The mailbox that grows from 32 random bytes. HKDF-SHA-256 with salt `kf1/mailbox` and info `read`, `write`, and for a
 * slot `slot key-file` and so on (an answer: `slot answer`, a space, the thumbprint), 4 bytes, most significant first,
 * modulo 2^31 − 1, plus 1.
 * @throws TypeError for another number of bytes.
 */
export function mailboxOf(secret: Uint8Array): Mailbox {
  if (secret.length !== 32) throw new TypeError("expected 32 bytes");
  const grown = (info: string, bytes: number) => derive(secret, { salt, info, bytes });
  return {
    get read() {
      return signingKeyFrom(grown("read", 32));
    },
    get write() {
      return signingKeyFrom(grown("write", 32));
    },
    signerOf: (use) => signerFrom(grown(use, 32)),
    slotOf: (use) => {
      const name = typeof use === "string" ? use : `answer ${use.answerTo}`;
      return (grown(`slot ${name}`, 4).readUInt32BE() % (2 ** 31 - 1)) + 1;
    },
  };
}
