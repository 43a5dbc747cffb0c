// What was acknowledged is not lost, and no number is given twice, although the relay is killed again and again.

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { accountOn, mailboxOn, makeMailboxKeys, textOf, type MailboxKeys } from "./testing/client.ts";
import { Program } from "./testing/program.ts";
import { temporaryFolder, testAccount } from "./testing/relay.ts";

const kills = 30;
/** Each kill takes a start, which takes its time where others work too. */
const timeoutMilliseconds = 300_000;
const { token, account } = testAccount(1, { mailboxRequestsPerMinute: 1_000_000 });

let folder: string;
let keys: MailboxKeys;
beforeAll(async () => {
  folder = temporaryFolder();
  writeFileSync(join(folder, "accounts.json"), JSON.stringify({ accounts: [account] }));
  keys = await makeMailboxKeys();
});
afterAll(() => rmSync(folder, { recursive: true }));

type Mailbox = ReturnType<typeof mailboxOn>;

/** What the relay has promised: each number with what was put under it, and where. */
const acknowledged = new Map<number, { readonly slot: number; readonly text: string }>();
const withdrawn = new Set<number>();
/** Asked to be taken back by a request that nobody has answered: it may be there, or not. */
const doubtful = new Set<number>();
/** Whatever was ever seen under a number, acknowledged or not. */
const seen = new Map<number, string>();
let sent = 0;

function note(seq: number, text: string): void {
  expect(seen.get(seq) ?? text).toBe(text);
  seen.set(seq, text);
}

/** Puts one parcel after the other until the relay is gone; tells after each. */
async function write(mailbox: Mailbox, slot: number, onAcknowledged: () => void): Promise<void> {
  for (;;) {
    const highest = Math.max(0, ...acknowledged.keys());
    const text = `parcel ${++sent}`;
    const { seq } = await mailbox.put(slot, Buffer.from(text));
    expect(seq).toBeGreaterThan(highest);
    note(seq, text);
    acknowledged.set(seq, { slot, text });
    onAcknowledged();
    if (slot !== 0 || sent % 3 !== 0) continue;
    doubtful.add(seq);
    await mailbox.withdraw(seq);
    doubtful.delete(seq);
    withdrawn.add(seq);
  }
}

/** Writes from several sides and kills the relay after so many acknowledgements, in the middle of the next ones. */
async function writeAndKill(program: Program, mailbox: Mailbox, after: number): Promise<void> {
  const { promise: enough, resolve } = Promise.withResolvers<undefined>();
  let count = 0;
  const writers = [0, 0, 1, 2].map((slot) =>
    write(mailbox, slot, () => {
      count += 1;
      if (count >= after) resolve(undefined);
    }).catch((error: unknown) => {
      // The connection ends with the relay; whatever else fails is a finding.
      if (!(error instanceof TypeError)) throw error;
    }),
  );
  if (after > 0) await enough;
  await program.kill();
  await Promise.all(writers);
}

/** What was promised is there as it was promised, and nothing that was replaced or taken back. */
async function verify(mailbox: Mailbox): Promise<void> {
  const { parcels, more } = await mailbox.fetch();
  expect(more).toBe(false);
  for (const parcel of parcels) note(parcel.seq, textOf(parcel));
  const present = new Map(parcels.map((parcel) => [parcel.seq, textOf(parcel)]));
  // What was taken back without an answer stays so from now on.
  for (const seq of doubtful) if (!present.has(seq)) withdrawn.add(seq);
  doubtful.clear();
  for (const [seq, { slot, text }] of acknowledged) {
    const isReplaced = slot !== 0 && parcels.some((parcel) => parcel.slot === slot && parcel.seq > seq);
    expect(present.get(seq)).toBe(withdrawn.has(seq) || isReplaced ? undefined : text);
  }
  await keep(mailbox, parcels.at(-1)?.seq ?? 0);
}

/** What the reader has kept is no longer the relay's to keep. */
async function keep(mailbox: Mailbox, last: number): Promise<void> {
  await mailbox.fetch({ after: last });
  for (const [seq, { slot }] of acknowledged) if (slot === 0 && seq <= last) acknowledged.delete(seq);
}

test(
  `killed ${kills} times in the middle of its work, the relay loses nothing that it acknowledged and gives no number twice`,
  { timeout: timeoutMilliseconds },
  async () => {
    for (let round = 0; round <= kills; round++) {
      const program = new Program({ LOCKSTEP_RELAY_DATA: folder });
      const origin = await program.origin();
      if (round === 0) await accountOn(origin, token).open(keys.publicKeys, "puts");
      const mailbox = mailboxOn(origin, keys);
      await verify(mailbox);
      if (round < kills) await writeAndKill(program, mailbox, round % 13);
      else expect(await program.stop()).toBe(0);
    }
    expect(acknowledged.size + seen.size).toBeGreaterThan(kills);
  },
);
