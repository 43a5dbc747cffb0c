// Plays a schedule: organisation, relay and workstations take the steps that were drawn, and the relay does what it likes
// with what is entrusted to it. At the end it turns honest, and everybody must reach the newest state.

import { forged } from "./forge.ts";
import type { Recipients } from "./database.ts";
import { Organisation, type Sealing, type Slot } from "./organisation.ts";
import type { Step, StepKind } from "./schedule.ts";
import { must, parties } from "./world.ts";
import { activated, firstVerdict, Workstation, type Boxes, type Carrying } from "./workstation.ts";

/** So many rounds bring everybody to the newest state, an epoch in between included. */
const mostRounds = 6;

/** How boxes are in this run of the model. */
export interface Mode {
  readonly sealing: Sealing;
  readonly carry: Carrying;
  /** The box keys of each party. */
  readonly boxes: readonly Boxes[];
  /** What a box that is made outside has in it. */
  readonly openFirst: (party: number, box: Uint8Array) => Promise<Parameters<typeof firstVerdict>[1]>;
}

type Taking = (step: Step) => unknown;

const orders = ["lock", "unlock", "force-password-change"] as const;
const slots: readonly Slot[] = ["key-file", "orders", "pulse"];

interface Mailbox {
  readonly down: Record<Slot, Uint8Array[]>;
  readonly up: Uint8Array[];
}

/** One of a list, counted from its end. */
function nthLast<Value>(list: readonly Value[], number: number): Value | undefined {
  return list.length === 0 ? undefined : list[list.length - 1 - (number % list.length)];
}

function damaged(box: Uint8Array, at: number, how: number): Uint8Array {
  if (how < 3) return box.slice(0, (at * 31) % box.length);
  const copy = Uint8Array.from(box);
  const place = (at * 31) % copy.length;
  copy[place] = (copy[place] ?? 0) ^ (1 << how);
  return copy;
}

export class Play {
  readonly organisation: Organisation;
  readonly #mode: Mode;
  readonly #mailboxes: Mailbox[] = parties.map(() => ({
    down: { "key-file": [], orders: [], pulse: [] },
    up: [],
  }));
  readonly workstations: Workstation[] = [];
  readonly #clones = new Map<number, Workstation>();
  /** Whose two devices have both sent something that the server will see, and does not forget. */
  readonly #isForkVisible = new Set<number>();
  #isRestored = false;
  #sent = 0;

  private constructor(mode: Mode) {
    this.#mode = mode;
    const joined = mode.boxes.map(({ orders, keyFiles }): Recipients => ({
      box: keyFiles.current.recipient,
      ordersBox: orders.current.recipient,
    }));
    this.organisation = new Organisation(mode.sealing, joined, (party, slot, box) =>
      this.#mailbox(party).down[slot].push(box),
    );
  }

  /** Everybody is activated and holds the first Key-File; the server does not know it yet. */
  static async begin(mode: Mode): Promise<Play> {
    const play = new Play(mode);
    const { organisation } = play;
    for (const [at, party] of parties.entries()) {
      await organisation.post(at, 0);
      const [box] = play.#mailbox(at).down["key-file"];
      const boxes = mode.boxes[at];
      if (box === undefined || boxes === undefined) throw new Error("nothing was posted");
      const disk = activated(party, firstVerdict(party, await mode.openFirst(at, box)), boxes);
      play.workstations.push(new Workstation(at, { organisation, disk, carry: mode.carry }));
    }
    return play;
  }

  #mailbox(party: number): Mailbox {
    const found = this.#mailboxes[party];
    if (found === undefined) throw new Error("no such mailbox");
    return found;
  }

  #workstation(party: number): Workstation {
    const found = this.workstations[party];
    if (found === undefined) throw new Error("no such workstation");
    return found;
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      this.organisation.step += 1;
      await this.#take(step);
    }
    await this.#settle();
  }

  /** What happens at the server. */
  readonly #serverSteps = {
    rest: () => undefined,
    post: ({ party, second }) => this.organisation.post(party, second % 3),
    order: ({ party, first }) => this.organisation.order(party, orders[first % 3] ?? "lock"),
    pulse: ({ party }) => this.organisation.beat(party),
    repost: ({ party }) => this.organisation.repost(party),
    renewRoot: () => this.organisation.renewRoot(),
    rotateIssuer: () => this.organisation.rotateIssuer(),
    raiseEpoch: () => this.organisation.raiseEpoch(),
    backUp: () => this.organisation.backUp(),
    restore: () => this.#restore(),
    tick: ({ second }) => this.#pass(second === 7 ? 8 * 86_400 : 60),
  } as const satisfies Partial<Record<StepKind, Taking>>;

  #restore(): void {
    if (!this.organisation.restore()) return;
    this.#isRestored = true;
    this.#isForkVisible.clear();
  }

  #pass(seconds: number): void {
    this.organisation.database.now += seconds;
    for (const each of [...this.workstations, ...this.#clones.values()]) each.clock += seconds;
  }

  /** What happens between the relay and those whom it serves. */
  readonly #relaySteps = {
    give: (step) => this.#give(step, (box) => box),
    crash: (step) => this.#give(step, (box) => box),
    giveDamaged: (step) => this.#give(step, (box) => damaged(box, step.first, step.second)),
    giveAnother: ({ party, first, second }) => {
      const slot = slots[first % 3] ?? "pulse";
      const other = this.#mailbox((party + 1 + (second % 2)) % parties.length);
      const box = nthLast(other.down[slot], Math.floor(first / 3) % 3);
      return box && this.#workstation(party).receive(slot, box);
    },
    giveForged: (step) => this.#forge(step),
    setClock: ({ party, first }) => {
      const days = (first % 2 === 0 ? -1 : 1) * first;
      this.#workstation(party).clock = this.organisation.database.now + days * 86_400;
    },
    report: ({ party, second }) => {
      const workstation = this.#workstation(party);
      return workstation.isDue || second < 2 ? this.#report(workstation) : undefined;
    },
    take: ({ party, first, second }) =>
      this.#hand(party, nthLast(this.#mailbox(party).up, second < 5 ? 0 : first)),
    takeAnother: ({ party, first }) =>
      this.#hand((party + 1) % parties.length, nthLast(this.#mailbox(party).up, first)),
    lie: ({ party, second }) =>
      this.#workstation(party).hear(second < 4 ? [] : Array.from({ length: this.#sent }, (_, seq) => seq)),
    lose: ({ party }) => {
      this.#mailbox(party).up.length = 0;
      this.#isForkVisible.delete(party);
    },
    clone: ({ party }) => this.#clone(this.#workstation(party)),
  } as const satisfies Partial<Record<StepKind, Taking>>;

  async #take(step: Step): Promise<void> {
    const steps: Record<StepKind, Taking> = { ...this.#serverSteps, ...this.#relaySteps };
    await steps[step.kind](step);
  }

  /** Mostly the newest, often one from before: late, twice, out of order, replayed. */
  async #give({ kind, party, first, second }: Step, changed: (box: Uint8Array) => Uint8Array): Promise<void> {
    const slot = slots[first % 3] ?? "pulse";
    const box = nthLast(this.#mailbox(party).down[slot], second < 4 ? 0 : Math.floor(first / 3));
    if (box !== undefined) await this.#workstation(party).receive(slot, changed(box), kind === "crash");
  }

  async #forge({ party, first, second }: Step): Promise<void> {
    const workstation = this.#workstation(party);
    const { slot, jws, recipient } = forged(this.organisation, workstation, { first, second });
    await workstation.receive(slot, await this.#mode.sealing.seal(jws, recipient));
  }

  async #report(workstation: Workstation): Promise<void> {
    const { up } = this.#mailbox(workstation.party);
    const jws = workstation.report(this.#sent++);
    up.push(await this.#mode.sealing.seal(jws, workstation.disk.device.replyTo));
  }

  /** From here on two devices have one chain: the copy is told nothing, and reports. */
  async #clone(workstation: Workstation): Promise<void> {
    if (this.#clones.has(workstation.party)) return;
    const { organisation, disk, carry, party } = workstation;
    const clone = new Workstation(party, { organisation, disk, carry });
    // It is another machine at another time, so what it signs differs.
    clone.clock = workstation.clock + 7;
    for (const hash of workstation.judged) clone.judged.add(hash);
    this.#clones.set(party, clone);
    await this.#report(clone);
    await this.#report(workstation);
    this.#isForkVisible.add(party);
  }

  #devicesOf(party: number): readonly Workstation[] {
    const clone = this.#clones.get(party);
    return clone === undefined ? [this.#workstation(party)] : [this.#workstation(party), clone];
  }

  /** What the server makes of a parcel. */
  async #hand(party: number, box: Uint8Array | undefined): Promise<void> {
    if (box === undefined) return;
    const { organisation } = this;
    const activation = organisation.at(party);
    const nonces = [...activation.nonces, ...activation.pulses];
    const { lastSeq } = activation;
    const standing = activation.updates.filter(({ state }) => state === "posted");
    const taken = await organisation.take(party, box);
    if (taken === undefined) return;
    const { verdict, hash, report } = taken;
    must(report.act === parties[party]?.act, "a report was taken for another's");
    must(activation.counted[hash] === 1 || activation.isForked, "a report was counted twice");
    if (verdict === "fork") must(this.#clones.has(party), "one device looked like two");
    if (verdict === "newest") {
      must(report.rseq > lastSeq, "a report was taken for newer than the newest");
      const oldest = Math.min(...nonces.map((nonce) => organisation.nonceSteps.get(nonce) ?? 0));
      const at = this.#devicesOf(party).map(({ signedAt }) => signedAt.get(hash) ?? 0);
      must(Math.max(...at) >= oldest, "what was so long ago was taken for the present");
    }
    for (const { state, boxes } of standing) {
      if (state !== "rejected") continue;
      const hasJudged = this.#devicesOf(party).some(({ judged }) => boxes.some((each) => judged.has(each)));
      must(hasJudged, "an update was rejected whose box never came");
      must(this.#isRestored, "an update was rejected that must be taken");
    }
  }

  /** The relay turns honest, clocks are set right, and the server puts what is outstanding, round by round. */
  async #settle(): Promise<void> {
    const { organisation } = this;
    const missing = () =>
      [...parties.keys()].map((party) => this.#missing(party)).find((each) => each !== null);
    for (let round = 0; round < mostRounds; round += 1) {
      organisation.step += 1;
      this.#pass(60);
      const isAhead = parties.some((_, party) => !this.#clones.has(party) && organisation.at(party).isAhead);
      // Orders that the backup does not know show in no report, so whoever restores begins an epoch in any case.
      if (isAhead || (round === 2 && organisation.isRestored)) await organisation.raiseEpoch();
      for (const party of parties.keys()) {
        const isThere = this.#missing(party) === null && !organisation.isRestored;
        if (!isThere) await this.#settleOne(party);
      }
      if (missing() === undefined && !organisation.isRestored) break;
    }
    const left = missing();
    must(left === undefined, left ?? "");
  }

  async #settleOne(party: number): Promise<void> {
    const { organisation } = this;
    const workstation = this.#workstation(party);
    workstation.clock = organisation.database.now;
    await organisation.repost(party);
    await organisation.beat(party);
    const { down, up } = this.#mailbox(party);
    for (const slot of slots) {
      const box = nthLast(down[slot], 0);
      if (box !== undefined) await workstation.receive(slot, box);
    }
    await this.#report(workstation);
    for (const box of up.splice(0)) await this.#hand(party, box);
    workstation.hear([]);
  }

  /** What is not yet as it should be between the server and a workstation. */
  #missing(party: number): string | null {
    const activation = this.organisation.at(party);
    const isSeen = activation.isForked || !this.#isForkVisible.has(party);
    if (this.#clones.has(party)) return isSeen ? null : "a cloned device stayed unseen";
    const { device, pending } = this.#workstation(party).disk;
    const newest = activation.updates.at(-1);
    const { orders } = activation;
    const should: readonly (readonly [boolean, string])[] = [
      [pending === null, "a Key-File was never applied"],
      [device.applied.kf_hash === newest?.hash, "the newest Key-File never arrived"],
      [activation.applied?.hash === newest?.hash, "the server never learnt of the newest Key-File"],
      [newest?.state === "processed", "the newest Key-File is outstanding, or rejected, for ever"],
      [orders === null || device.state.orders?.hash === orders.hash, "the newest orders never arrived"],
      [device.locked === this.organisation.isLocked(party), "it is locked, or not, for ever"],
      [activation.commands.every(({ state }) => state === "processed"), "an order is outstanding for ever"],
      [!activation.isAhead, "the server is behind its workstation for ever"],
    ];
    return should.find(([is]) => !is)?.[1] ?? null;
  }
}
