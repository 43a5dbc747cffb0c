// A mailbox at the relay: its address and the two keys that its doors know, all grown from one secret, so that both ends
// have them and the relay only ever sees the address and the public halves.

import { derive } from "./hkdf.ts";
import { signingKeyFrom, type PrivateJwk } from "./signing-key.ts";

/** `id` is 16 bytes in base64url, 22 characters. Whoever fetches signs with `read`, whoever posts with `write`. */
export interface Mailbox {
  readonly id: string;
  readonly read: PrivateJwk;
  readonly write: PrivateJwk;
}

const salt = "kf1/mailbox";

/**
 * The mailbox that grows from 32 random bytes. HKDF-SHA-256 with salt `kf1/mailbox` and info `id`, `read`, `write`.
 * @throws TypeError for another number of bytes.
 */
export function mailboxOf(secret: Uint8Array): Mailbox {
  if (secret.length !== 32) throw new TypeError("expected 32 bytes");
  return {
    id: derive(secret, { salt, info: "id", bytes: 16 }).toString("base64url"),
    read: signingKeyFrom(derive(secret, { salt, info: "read", bytes: 32 })),
    write: signingKeyFrom(derive(secret, { salt, info: "write", bytes: 32 })),
  };
}
