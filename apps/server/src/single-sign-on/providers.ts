// The providers that were found lately. Finding one takes two requests; one that fails is not asked again at once, however
// many want to sign in by it.

import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { openClientSecret } from "./access.ts";
import { Provider } from "./provider.ts";
import type { Connection } from "./store.ts";

const foundLasts = 10 * 60_000;
const failureLasts = 5000;

interface Known {
  readonly revision: number;
  readonly finding: Promise<Provider>;
  until: number;
}

export class Providers {
  readonly onLoopback: boolean;
  readonly #keyEncryption: KeyEncryption;
  /** By organisation. */
  readonly #known = new Map<string, Known>();

  /** @param onLoopback for development: also providers on this machine without TLS. */
  constructor(keyEncryption: KeyEncryption, { onLoopback }: { onLoopback: boolean }) {
    this.#keyEncryption = keyEncryption;
    this.onLoopback = onLoopback;
  }

  /** @throws ProviderFailed, SealBroken. */
  async find(connection: Connection): Promise<Provider> {
    const { organisationId, revision } = connection;
    const known = this.#known.get(organisationId);
    if (known !== undefined && known.revision === revision && performance.now() < known.until)
      return known.finding;
    const entry: Known = {
      revision,
      finding: this.#open(connection),
      until: performance.now() + foundLasts,
    };
    this.#known.set(organisationId, entry);
    entry.finding.catch(() => {
      entry.until = performance.now() + failureLasts;
    });
    return entry.finding;
  }

  async #open(connection: Connection): Promise<Provider> {
    const clientSecret = await openClientSecret(this.#keyEncryption, connection);
    return Provider.find({ ...connection, clientSecret }, this);
  }
}
