// The pulse: a short word that says what the newest versions are, and that the server was there a moment ago. Key-Files
// and orders never expire; the pulse does.

import { z } from "zod";

import { signObject } from "./jws.ts";
import { addressed } from "./key-file.ts";
import { count, day, digest, instant, secret32 } from "./shapes.ts";
import type { Signer } from "./signing-key.ts";

/** How long a pulse is good for at most: what a stolen pulse key can pretend at a time. */
export const pulseSeconds = 7 * 24 * 60 * 60;

export const pulseSchema = z
  .strictObject({
    ...addressed,
    latest_ver: z.int().min(0),
    latest_cver: z.int().min(0),
    kf_hash: digest.nullable(),
    root_version: count,
    licence_until: z.union([day, z.literal("perpetual")]).nullable(),
    exp: instant,
    nonce: secret32,
  })
  .refine(({ iat, exp }) => exp > iat && exp - iat <= pulseSeconds, "a pulse lasts seven days at most")
  .refine(({ latest_ver, kf_hash }) => (latest_ver === 0) === (kf_hash === null), "a hash for a version");

/**
 * `latest_ver` and `latest_cver` are the newest versions of Key-File and orders, 0 when there is none; `kf_hash` is the
 * digest of that Key-File's JWS. `licence_until` is the last day of the licence, null without one. `iat` and `exp` are in
 * seconds since 1970.
 */
export type Pulse = Readonly<z.output<typeof pulseSchema>>;

/**
 * A pulse as a compact JWS, by a key of the pulse role.
 * @throws TypeError when no workstation would accept it.
 */
export function signPulse(pulse: Pulse, signer: Signer): string {
  return signObject("pulse", { schema: pulseSchema, value: pulse }, signer);
}
