// The keyring of the operating system, where there is one that outlives a restart.
// cspell:ignore napi

/** Keeps small secrets by name. */
export interface Keyring {
  readonly get: (name: string) => Promise<Uint8Array | null>;
  readonly set: (name: string, secret: Uint8Array) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
}

// Without this the kernel's keyring would stand in where there is no Secret Service, and forget everything at a restart.
const lasting = { linux: { store: "secret-service" } } as const;

/** The system's keyring, found out by asking it; null where none answers. */
export async function systemKeyring(): Promise<Keyring | null> {
  try {
    const { AsyncEntry } = await import("@napi-rs/keyring");
    const entry = (name: string) => new AsyncEntry("lockstep-client", name, lasting);
    await entry("probe").getSecret();
    return {
      get: async (name) => {
        const secret = await entry(name).getSecret();
        return secret === null ? null : Uint8Array.from(secret);
      },
      set: (name, secret) => entry(name).setSecret(secret),
      remove: async (name) => {
        await entry(name).deleteCredential();
      },
    };
  } catch {
    return null;
  }
}
