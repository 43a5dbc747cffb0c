// The root holder's key: one Ed25519 key for the installation, in a file outside the database. Only it signs roots, so
// the file may lie in a safe and come back for as long as a root has to be signed.

import {
  newSigningKey,
  publicHalf,
  signerOf,
  signingKeyFrom,
  type PublicJwk,
  type Signer,
} from "@lockstep/keyfile";
import { z } from "zod";

import { PrivateFile, type Secret } from "../keys/private-file.ts";

/** Whether `d` is a seed in its only spelling, and `x` the key that grows from it. */
function isOneKey({ x, d }: { x: string; d: string }): boolean {
  const seed = Buffer.from(d, "base64url");
  return seed.length === 32 && seed.toString("base64url") === d && signingKeyFrom(seed).x === x;
}

const shape = z
  .strictObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string(), d: z.string() })
  .refine(isOneKey);

const secret: Secret<z.output<typeof shape>> = {
  name: "root holder's key",
  shape,
  codes: { missing: "root-key-invalid", invalid: "root-key-invalid" },
  hints: {
    missing: "put it back from its backup",
    exposed: "take the server off the network and see docs/operating.md, the root holder's key",
  },
};

/** What signs a root, and the public half that the root names. */
export interface HolderKey {
  readonly signer: Signer;
  readonly jwk: PublicJwk;
}

export interface RootHolder {
  /**
   * The key, or null while its file is away.
   * @throws OperatorError `root-key-invalid` when the file is there and cannot be used.
   */
  find(): HolderKey | null;
}

/** Makes the file, unless it is there already. @throws OperatorError `root-key-invalid`, `disk-full`. */
export function makeRootKeyFile(file: string): void {
  new PrivateFile(file, secret).make(newSigningKey);
}

/** Reads the file each time that the key is needed, and keeps nothing of it. */
export function openRootHolder(file: string): RootHolder {
  const kept = new PrivateFile(file, secret);
  return {
    find: () => {
      if (!kept.isThere()) return null;
      const { written } = kept.read();
      return { signer: signerOf(written), jwk: publicHalf(written) };
    },
  };
}
