// The server's side of the model, made of keyfile's functions: what it signs, seals and puts, and what it makes of reports.
// Its database is a plain value, so that a backup of it can be restored; the root's holder is not in the backup.

import {
  digestOf,
  judgeReport,
  pulseSeconds,
  signKeyFile,
  signOrders,
  signPulse,
  signRoot,
  verifyReport,
  type KeyFile,
  type Order,
  type Orders,
  type Report,
  type ReportVerdict,
  type Signer,
} from "@lockstep/keyfile";

import { newActivation, type Activation, type Command, type Database, type Recipients } from "./database.ts";
import { takeForeign, takeResults, takeState } from "./taking.ts";
import { ageKey } from "../../testing/organisation.ts";
import {
  issuerOf,
  orderId,
  org,
  parties,
  remembering,
  rootWith,
  signers,
  startsAt,
  teamKey,
  type Party,
} from "./world.ts";

/** The parcels to a workstation, by the slot they lie in. */
export type Slot = "key-file" | "orders" | "pulse";

/** How something signed becomes what a relay carries, and how it is opened again. */
export interface Sealing {
  readonly seal: (jws: string, recipient: string) => Promise<Uint8Array>;
  /** What is in a report's box, or null. */
  readonly openReport: (box: Uint8Array) => Promise<string | null>;
  /** Where reports are sealed to. */
  readonly replyTo: string;
}

/** What was signed for whom: what devices may apply, and nothing else. */
interface Signed {
  readonly act: string;
  readonly payload: KeyFile | Orders | null;
  /** When, in steps of the schedule. */
  readonly step: number;
}

const objects = remembering<string>();
const digests = remembering<string>();
const hashOf = (jws: string) => digests(jws, () => digestOf(jws));

function nonceOf(act: string, object: string): string {
  return Buffer.from(hashOf(`${act} ${object}`), "hex").toString("base64url");
}

/** A report that was judged. */
export interface Taken {
  readonly verdict: ReportVerdict;
  readonly report: Report;
  readonly hash: string;
}

export class Organisation {
  database: Database;
  readonly signed = new Map<string, Signed>();
  /** When a nonce was first sent. */
  readonly nonceSteps = new Map<string, number>();
  #backup: Database | null = null;
  /** Its administrator knows that it was restored, and that no epoch was begun since. */
  isRestored = false;
  #lastOrder = 0;
  /** What the root's holder remembers: the newest version and epoch that were ever signed. */
  #newest = { version: 1, epoch: 1 };
  #issuersMade = 1;
  step = 0;
  readonly sealing: Sealing;
  /** Where a sealed parcel goes. */
  readonly put: (party: number, slot: Slot, box: Uint8Array) => void;

  constructor(sealing: Sealing, joined: readonly Recipients[], put: Organisation["put"]) {
    this.sealing = sealing;
    this.put = put;
    const root = rootWith(1, 1, 0);
    const chain = [objects(JSON.stringify(root), () => signRoot(root, signers.holder))];
    this.database = {
      now: startsAt,
      chain,
      root,
      issuer: 0,
      activations: joined.map(newActivation),
    };
  }

  at(party: number): Activation {
    const activation = this.database.activations[party];
    if (activation === undefined) throw new Error("no such activation");
    return activation;
  }

  static partyOf(party: number): Party {
    const found = parties[party];
    if (found === undefined) throw new Error("no such party");
    return found;
  }

  get issuer(): Signer {
    return issuerOf(this.database.issuer);
  }

  /** What every object to a party opens with. */
  addressed(party: number) {
    const { act, dev } = Organisation.partyOf(party);
    const { chain, root, now } = this.database;
    const roots = chain.slice(this.at(party).rootVersion);
    return { org, epoch: root.epoch, act, dev, iat: now, roots };
  }

  /** The Key-File's payload with a version; a content is a number. */
  keyFile(party: number, version: number, content: number): KeyFile {
    const { act, user, wks, ownKey } = Organisation.partyOf(party);
    const secret = nonceOf(act, "mailbox");
    return {
      ...this.addressed(party),
      wks,
      user,
      ver: version,
      root_version: this.database.root.version,
      team_content: hashOf(`team ${content}`),
      own_content: hashOf(`own ${content} ${act}`),
      policy: {},
      workstation_policy: {},
      keys: [{ key: teamKey, kv: content + 1, use: "encrypt", id: ageKey.identity }],
      own_keys: [{ key: ownKey, kv: content + 1, use: "encrypt", id: ageKey.identity }],
      reply_to: this.sealing.replyTo,
      mailboxes: { down: secret, up: secret, relays: ["https://relay.northwind.example/"] },
      nonce: nonceOf(act, `key-file ${version}`),
    };
  }

  #note(party: number, jws: string, payload: Signed["payload"]): string {
    const hash = hashOf(jws);
    const { act } = Organisation.partyOf(party);
    if (!this.signed.has(hash)) this.signed.set(hash, { act, payload, step: this.step });
    return hash;
  }

  #send(activation: Activation, nonce: string): void {
    if (!this.nonceSteps.has(nonce)) this.nonceSteps.set(nonce, this.step);
    activation.nonces = [nonce, ...activation.nonces.filter((each) => each !== nonce)].slice(0, 3);
  }

  /** Makes a new Key-File, which takes the place of those that are outstanding. */
  async post(party: number, content: number): Promise<void> {
    const activation = this.at(party);
    for (const update of activation.updates) if (update.state === "posted") update.state = "superseded";
    activation.version += 1;
    const { version } = activation;
    const payload = this.keyFile(party, version, content);
    const by = this.issuer;
    const jws = objects(`${by.kid} ${JSON.stringify(payload)}`, () => signKeyFile(payload, by));
    const hash = this.#note(party, jws, payload);
    this.#send(activation, payload.nonce);
    const { epoch } = payload;
    const { version: rootVersion } = this.database.root;
    activation.updates.push({ epoch, version, jws, hash, content, rootVersion, boxes: [], state: "posted" });
    await this.#putKeyFile(party);
  }

  async #putKeyFile(party: number): Promise<void> {
    const update = this.at(party).updates.at(-1);
    if (update === undefined) return;
    const box = await this.sealing.seal(update.jws, this.at(party).box);
    update.boxes.push(digestOf(box));
    this.put(party, "key-file", box);
  }

  /** Adds an order, and lists all that are outstanding. */
  async order(party: number, kind: Command["kind"]): Promise<void> {
    this.#lastOrder += 1;
    this.at(party).commands.push({ id: orderId(this.#lastOrder), kind, state: "posted" });
    await this.#makeOrders(party);
  }

  /** How a workstation should be once all of its orders are carried out. */
  isLocked(party: number): boolean {
    const kinds = this.at(party).commands.map(({ kind }) => kind);
    return kinds.lastIndexOf("lock") > kinds.lastIndexOf("unlock");
  }

  async #makeOrders(party: number): Promise<void> {
    const activation = this.at(party);
    activation.ordersVersion += 1;
    const outstanding = activation.commands
      .filter(({ state }) => state === "posted")
      .map(({ id, kind }): Order => ({ id, kind, args: {} }));
    const payload: Orders = {
      ...this.addressed(party),
      cver: activation.ordersVersion,
      locked: this.isLocked(party),
      outstanding,
    };
    const by = this.issuer;
    const jws = objects(`${by.kid} ${JSON.stringify(payload)}`, () => signOrders(payload, by));
    activation.orders = { jws, hash: this.#note(party, jws, payload), boxes: [] };
    await this.#putOrders(party);
  }

  async #putOrders(party: number): Promise<void> {
    const { orders } = this.at(party);
    if (orders === null) return;
    const box = await this.sealing.seal(orders.jws, this.at(party).ordersBox);
    orders.boxes.push(digestOf(box));
    this.put(party, "orders", box);
  }

  async beat(party: number): Promise<void> {
    const activation = this.at(party);
    const { act } = Organisation.partyOf(party);
    const { now } = this.database;
    const nonce = nonceOf(act, `pulse ${now}`);
    const newest = activation.updates.at(-1);
    const payload = {
      ...this.addressed(party),
      latest_ver: newest?.version ?? 0,
      latest_cver: activation.ordersVersion,
      kf_hash: newest?.hash ?? null,
      root_version: this.database.root.version,
      licence_until: "perpetual" as const,
      exp: now + pulseSeconds,
      nonce,
    };
    const jws = objects(JSON.stringify(payload), () => signPulse(payload, signers.pulse));
    this.#note(party, jws, null);
    if (!this.nonceSteps.has(nonce)) this.nonceSteps.set(nonce, this.step);
    activation.pulses = [nonce, ...activation.pulses.filter((each) => each !== nonce)].slice(0, 2);
    this.put(party, "pulse", await this.sealing.seal(jws, activation.ordersBox));
  }

  /** Puts once more what is outstanding; nothing is signed for it. */
  async repost(party: number): Promise<void> {
    await this.#putKeyFile(party);
    await this.#putOrders(party);
  }

  #follow(issuer: number, epoch: number): void {
    const { database } = this;
    const root = rootWith(database.root.version + 1, epoch, issuer);
    const signed = objects(JSON.stringify(root), () => signRoot(root, signers.holder));
    database.chain.push(signed);
    database.root = root;
    database.issuer = issuer;
    this.#newest = {
      version: Math.max(this.#newest.version, root.version),
      epoch: Math.max(this.#newest.epoch, epoch),
    };
  }

  /** There are seven, and the first is never one again, so that what it signs is a thief's. */
  #nextIssuer(): number {
    const next = 1 + ((this.#issuersMade - 1) % 6);
    this.#issuersMade += 1;
    return next;
  }

  /**
   * A holder signs no root of an epoch before the newest. One in the chain would part it for ever from workstations that
   * have seen a later epoch: they skip no version and follow to no epoch before.
   */
  get #isBehindHolder(): boolean {
    return this.database.root.epoch < this.#newest.epoch;
  }

  /** The same keys for another two years. */
  renewRoot(): void {
    if (this.#isBehindHolder) return;
    this.#follow(this.database.issuer, this.database.root.epoch);
  }

  /** Another issuer. What is outstanding is signed by it anew, under a version of its own. */
  async rotateIssuer(): Promise<void> {
    if (this.#isBehindHolder) return;
    this.#follow(this.#nextIssuer(), this.database.root.epoch);
    await this.#signAnew();
  }

  async #signAnew(): Promise<void> {
    for (const [party, activation] of this.database.activations.entries()) {
      await this.post(party, activation.updates.at(-1)?.content ?? 0);
      if (activation.orders !== null || this.isRestored) await this.#makeOrders(party);
    }
  }

  backUp(): void {
    this.#backup = structuredClone(this.database);
  }

  /** The database of the last backup; the clock goes on. @returns whether there was one. */
  restore(): boolean {
    if (this.#backup === null) return false;
    const { now } = this.database;
    this.database = { ...structuredClone(this.#backup), now };
    this.isRestored = true;
    return true;
  }

  /** The holders begin an epoch beyond everything that they remember. */
  async raiseEpoch(): Promise<void> {
    const [epoch, version] = [this.#newest.epoch + 1, this.#newest.version + 1];
    const issuer = this.#nextIssuer();
    while (this.database.root.version < version) this.#follow(issuer, epoch);
    for (const activation of this.database.activations) activation.isAhead = false;
    await this.#signAnew();
    this.isRestored = false;
  }

  /** Takes what was found in a mailbox. @returns how it was judged; undefined for what is no report of this party. */
  async take(party: number, box: Uint8Array): Promise<Taken | undefined> {
    const jws = await this.sealing.openReport(box);
    const { act, sign } = Organisation.partyOf(party);
    const verified = jws === null ? "content" : verifyReport(jws, { org, act }, sign);
    if (typeof verified === "string") return undefined;
    const { report, hash } = verified;
    const activation = this.at(party);
    const verdict = judgeReport(verified, {
      lastSeq: activation.lastSeq,
      known: (number) => activation.reports[number],
      nonces: [...activation.nonces, ...activation.pulses],
      isActive: true,
    });
    if (verdict === "duplicate") return { verdict, report, hash };
    activation.counted[hash] = (activation.counted[hash] ?? 0) + 1;
    if (verdict === "fork") activation.isForked = true;
    else {
      activation.reports[report.rseq] = { hash, received: true };
      if (report.prev_report_hash !== null)
        activation.reports[report.rseq - 1] ??= { hash: report.prev_report_hash, received: false };
      if (verdict === "newest") takeState(activation, report);
      if (verdict === "foreign-nonce") takeForeign(activation, report, this.database.root.epoch);
      takeResults(activation, report);
    }
    return { verdict, report, hash };
  }
}
