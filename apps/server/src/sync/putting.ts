// Puts many parcels at the relay with few requests: one for each would cost both ends more than what is in it.

import { ProblemError, relay } from "@lockstep/api";

import { isUnopened, type Connection, type SharedMailbox } from "./connection.ts";
import { inParallel } from "./parallel.ts";

const requestsAtOnce = 4;
const openedAtOnce = 16;
/** What a parcel takes in a request besides its body: names, a mailbox, a slot. */
const bytesAround = 150;

/** Where something goes. */
export interface Place {
  readonly mailbox: SharedMailbox;
  readonly slot: number;
}

export interface Sent extends Place {
  readonly body: Uint8Array;
}

/**
 * @param onPut is told of each that the relay has, also of a round that is cut short: it need not go out again.
 * @throws ProblemError for the first that the relay refuses, once the others were tried; whatever the relay's client throws.
 */
export async function putAll<Each extends Sent>(
  connection: Connection,
  parcels: readonly Each[],
  onPut: (parcel: Each, seq: number) => void,
): Promise<void> {
  await inParallel([...requestsOf(parcels)], requestsAtOnce, async (some) => {
    const refused = await putSome(connection, some, onPut);
    const unopened = refused.filter(({ problem }) => isUnopened(problem)).map(({ parcel }) => parcel);
    const mailboxes = new Map(unopened.map(({ mailbox }) => [mailbox.address, mailbox]));
    await inParallel([...mailboxes.values()], openedAtOnce, (mailbox) => mailbox.open());
    const others = refused.filter(({ problem }) => !isUnopened(problem));
    if (unopened.length > 0) others.push(...(await putSome(connection, unopened, onPut)));
    for (const { problem } of others) throw problem;
  });
}

/** As many in each as a request takes. */
function* requestsOf<Each extends Sent>(parcels: readonly Each[]): Generator<Each[]> {
  let some: Each[] = [];
  let bytes = 0;
  for (const parcel of parcels) {
    const more = bytesAround + Math.ceil((parcel.body.length * 4) / 3);
    if (some.length === relay.limits.parcelsAtOnce || bytes + more > relay.limits.parcelsBytes) {
      yield some;
      [some, bytes] = [[], 0];
    }
    some.push(parcel);
    bytes += more;
  }
  if (some.length > 0) yield some;
}

async function putSome<Each extends Sent>(
  { account }: Connection,
  parcels: readonly Each[],
  onPut: (parcel: Each, seq: number) => void,
): Promise<{ readonly parcel: Each; readonly problem: ProblemError }[]> {
  const outcomes = await account.putParcels(
    parcels.map(({ mailbox, slot, body }) => ({
      mailbox: mailbox.address,
      slot,
      body: Buffer.from(body).toString("base64url"),
    })),
  );
  return parcels.flatMap((parcel, at) => {
    const outcome = outcomes[at];
    if (outcome === undefined) throw new SyntaxError("the relay has left a parcel out of its answer");
    if (outcome instanceof ProblemError) return [{ parcel, problem: outcome }];
    onPut(parcel, outcome.seq);
    return [];
  });
}
