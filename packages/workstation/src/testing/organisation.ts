// The other end: an organisation that issues codes, admits devices and posts to them, made of keyfile's functions alone. It
// believes what it should believe, so a test can make it say something wrong.

import { randomBytes, randomUUID } from "node:crypto";

import { relay as contract, relayAccount, relayMailbox } from "@lockstep/api";
import {
  activationKeysOf,
  digestOf,
  formatActivationCode,
  kidOf,
  mailboxOf,
  newActivationSecret,
  newBoxKey,
  newSigningKey,
  openBox,
  publicHalf,
  sealBox,
  sealOffer,
  signCapability,
  signerOf,
  signKeyFile,
  signNotice,
  signOffer,
  signOrders,
  signPulse,
  signRoot,
  verifyJoin,
  verifyReport,
  type BoxKey,
  type Join,
  type KeyFile,
  type NoticeCode,
  type Offer,
  type Order,
  type Orders,
  type PrivateJwk,
  type Pulse,
  type Report,
  type Root,
} from "@lockstep/keyfile";

import type { TestRelay } from "../../../../apps/relay/src/testing/relay.ts";

export const newSecret = () => randomBytes(32).toString("base64url");
const seconds = () => Math.floor(Date.now() / 1000);

/** An identity whose secret is 32 times 0x42. */
export const ageKey = {
  identity: "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX",
  recipient: "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
} as const;

/** An activation as the server knows it. */
export interface Activation {
  readonly act: string;
  readonly code: string;
  readonly keys: ReturnType<typeof activationKeysOf>;
  readonly offerBox: BoxKey;
  readonly offerHash: string;
  readonly mailboxes: { readonly down: string; readonly up: string };
  /** What it will be told instead of being admitted. */
  answer: NoticeCode | null;
  join: Join | null;
  box: string;
  ordersBox: string;
  version: number;
  ordersVersion: number;
  keyFile: string | null;
  joinsRead: number;
  reportsRead: number;
  readonly reports: Report[];
  /** Of the reports, each by its place. */
  readonly hashes: string[];
}

export class Organisation {
  readonly org = randomUUID();
  readonly signers = {
    root: newSigningKey(),
    issuer: newSigningKey(),
    pulse: newSigningKey(),
  };
  readonly replyTo: Promise<BoxKey> = newBoxKey("classic");
  readonly key = randomUUID();
  root: Root;
  /** The signed roots after the first one. */
  readonly laterRoots: string[] = [];
  /** Where it posts; a test may give it another one. */
  relay: TestRelay;

  constructor(relay: TestRelay) {
    this.relay = relay;
    const { root, issuer, pulse } = this.signers;
    const role = (key: PrivateJwk) => ({ kids: [kidOf(key)], threshold: 1 as const });
    const ring = [root, issuer, pulse].map((key) => [kidOf(key), publicHalf(key)] as const);
    this.root = {
      org: this.org,
      version: 1,
      expires: seconds() + 2 * 365 * 86_400,
      epoch: 1,
      keys: Object.fromEntries(ring),
      roles: { root: role(root), issuer: role(issuer), pulse: role(pulse) },
      min_client: 1,
    };
  }

  /** From now on another key signs Key-Files and orders, and the root still names the former one. */
  rotateIssuer(): void {
    const issuer = newSigningKey();
    this.signers.issuer = issuer;
    this.root = {
      ...this.root,
      version: this.root.version + 1,
      keys: { ...this.root.keys, [kidOf(issuer)]: publicHalf(issuer) },
      roles: { ...this.root.roles, issuer: { kids: [kidOf(issuer)], threshold: 1 } },
    };
    this.laterRoots.push(signRoot(this.root, signerOf(this.signers.root)));
  }

  /** A mailbox, opened at the relay. */
  async mailbox(secret: Uint8Array | string) {
    const bytes = typeof secret === "string" ? Buffer.from(secret, "base64url") : secret;
    const { read, write, slotOf } = mailboxOf(bytes);
    const publicKeys = { readKey: read.x, writeKey: write.x };
    const origin = this.relay.origin;
    const account = relayAccount({ origin, token: this.relay.accounts[0]?.token ?? "", fetch: anew });
    await account.open(publicKeys, "puts");
    const box = relayMailbox({
      origin,
      mailbox: await contract.mailboxOf(publicKeys),
      authorise: (request) =>
        signCapability(request, signerOf(request.method === "GET" ? read : write), seconds()),
      fetch: anew,
    });
    return { ...box, slotOf };
  }

  /** Issues a code and puts its offer. */
  async issue(changes: Partial<Offer> = {}): Promise<Activation> {
    const secret = newActivationSecret();
    const keys = activationKeysOf(secret);
    const offerBox = await newBoxKey();
    const act = randomUUID();
    const offer = signOffer(
      {
        org: this.org,
        act,
        iat: seconds(),
        exp: seconds() + 14 * 86_400,
        roots: [signRoot(this.root, signerOf(this.signers.root))],
        box: offerBox.recipient,
        relays: [this.relay.origin],
        machine_key: newSecret(),
        ...changes,
      },
      signerOf(this.signers.issuer),
    );
    const down = await this.mailbox(keys.down);
    await this.mailbox(keys.up);
    await down.put(down.slotOf("offer"), sealOffer(offer, keys.offerKey));
    return {
      act,
      code: formatActivationCode(secret),
      keys,
      offerBox,
      offerHash: digestOf(offer),
      mailboxes: { down: newSecret(), up: newSecret() },
      answer: null,
      join: null,
      box: "",
      ordersBox: "",
      version: 0,
      ordersVersion: 0,
      keyFile: null,
      joinsRead: 0,
      reportsRead: 0,
      reports: [],
      hashes: [],
    };
  }

  /** Reads the joins that have come and answers each. @param wait seconds for one to come. */
  async admit(activation: Activation, wait = 0, changes: Partial<KeyFile> = {}): Promise<Join[]> {
    const up = await this.mailbox(activation.keys.up);
    const { parcels } = await up.fetch({ after: activation.joinsRead, wait });
    const joins: Join[] = [];
    for (const { seq, body } of parcels) {
      activation.joinsRead = seq;
      const { jws } = await openBox(body, { current: activation.offerBox.identity });
      const { joinMac } = activation.keys;
      const proof = { joinMac, offerHash: activation.offerHash };
      const join = verifyJoin(jws ?? "", { org: this.org, act: activation.act }, proof);
      if (typeof join === "string") throw new Error(`not a join: ${join}`);
      joins.push(join);
      await this.#answer(activation, join, changes);
    }
    return joins;
  }

  async #answer(activation: Activation, join: Join, changes: Partial<KeyFile>): Promise<void> {
    const dev = kidOf(join.sign);
    const down = await this.mailbox(activation.keys.down);
    const slot = down.slotOf({ answerTo: dev });
    const isOther = activation.join !== null && kidOf(activation.join.sign) !== dev;
    const code = isOther ? "code-already-used" : activation.answer;
    if (code !== null) {
      const notice = { org: this.org, act: activation.act, dev, iat: seconds(), code };
      await down.put(slot, await sealBox(signNotice(notice, signerOf(this.signers.issuer)), join.box));
      return;
    }
    if (activation.join === null) {
      activation.join = join;
      activation.box = join.box;
      activation.ordersBox = join.orders_box;
      await this.mailbox(activation.mailboxes.down);
      await this.mailbox(activation.mailboxes.up);
      activation.version = 1;
      activation.keyFile = await this.signed(activation, changes);
    }
    await down.put(slot, await sealBox(activation.keyFile ?? "", join.box));
  }

  /** What every object to a workstation opens with. */
  addressed(activation: Activation) {
    const dev = activation.join === null ? "" : kidOf(activation.join.sign);
    return { org: this.org, epoch: 1, act: activation.act, dev, iat: seconds(), roots: this.laterRoots };
  }

  /** A Key-File of the activation's version. */
  async signed(activation: Activation, changes: Partial<KeyFile> = {}, by?: PrivateJwk): Promise<string> {
    const keyFile: KeyFile = {
      ...this.addressed(activation),
      wks: activation.act,
      user: activation.act,
      ver: activation.version,
      root_version: this.root.version,
      team_content: digestOf("team"),
      own_content: digestOf("own"),
      policy: {},
      workstation_policy: {},
      keys: [{ key: this.key, kv: 1, use: "encrypt", id: ageKey.identity }],
      own_keys: [],
      reply_to: (await this.replyTo).recipient,
      mailboxes: { ...activation.mailboxes, relays: [this.relay.origin] },
      nonce: newSecret(),
      ...changes,
    };
    return signKeyFile(keyFile, signerOf(by ?? this.signers.issuer));
  }

  /** Posts the next Key-File. */
  async post(activation: Activation, changes: Partial<KeyFile> = {}): Promise<void> {
    activation.version += 1;
    activation.keyFile = await this.signed(activation, changes);
    await this.put(activation, "key-file", activation.keyFile);
  }

  /** Posts orders that take the place of those before. */
  async order(activation: Activation, outstanding: readonly Order[], changes: Partial<Orders> = {}) {
    activation.ordersVersion += 1;
    const kinds = outstanding.map(({ kind }) => kind);
    const locked = kinds.lastIndexOf("lock") > kinds.lastIndexOf("unlock");
    const orders = {
      ...this.addressed(activation),
      cver: activation.ordersVersion,
      locked,
      outstanding: [...outstanding],
      ...changes,
    };
    const jws = signOrders(orders, signerOf(this.signers.issuer));
    await this.put(activation, "orders", jws);
    return jws;
  }

  async beat(activation: Activation, changes: Partial<Pulse> = {}): Promise<string> {
    const pulse: Pulse = {
      ...this.addressed(activation),
      latest_ver: activation.version,
      latest_cver: activation.ordersVersion,
      kf_hash: digestOf(activation.keyFile ?? ""),
      root_version: this.root.version,
      licence_until: "perpetual",
      exp: seconds() + 86_400,
      nonce: newSecret(),
      ...changes,
    };
    const jws = signPulse(pulse, signerOf(this.signers.pulse));
    await this.put(activation, "pulse", jws);
    return jws;
  }

  /** Seals something signed to the device and puts it. */
  async put(activation: Activation, use: "key-file" | "orders" | "pulse", jws: string): Promise<void> {
    const box = use === "key-file" ? activation.box : activation.ordersBox;
    await this.putRaw(activation, use, await sealBox(jws, box));
  }

  async putRaw(activation: Activation, use: "key-file" | "orders" | "pulse", body: Uint8Array) {
    const down = await this.mailbox(activation.mailboxes.down);
    await down.put(down.slotOf(use), body);
  }

  /** Reads the reports that have come, takes them, and seals to the boxes that they name from now on. */
  async read(activation: Activation): Promise<readonly Report[]> {
    const up = await this.mailbox(activation.mailboxes.up);
    const { parcels } = await up.fetch({ after: activation.reportsRead });
    const reports: Report[] = [];
    for (const { seq, body } of parcels) {
      activation.reportsRead = seq;
      const { jws } = await openBox(body, { current: (await this.replyTo).identity });
      const sign = activation.join?.sign;
      if (sign === undefined) throw new Error("a report before any join");
      const verified = verifyReport(jws ?? "", { org: this.org, act: activation.act }, sign);
      if (typeof verified === "string") throw new Error(`not a report: ${verified}`);
      reports.push(verified.report);
      activation.hashes.push(verified.hash);
      activation.box = verified.report.next_box ?? activation.box;
      activation.ordersBox = verified.report.next_orders_box ?? activation.ordersBox;
    }
    activation.reports.push(...reports);
    // Now the queue drops them.
    await up.fetch({ after: activation.reportsRead });
    return reports;
  }
}

/** The relay of a test may have ended meanwhile, and a kept connection with it. */
export const anew: typeof fetch = (address, request) => {
  const headers = new Headers(request?.headers);
  headers.set("connection", "close");
  return fetch(address, { ...request, headers });
};

export function order(kind: Exclude<Order["kind"], "workstation-policy">): Order {
  return { id: randomUUID(), kind, args: {} };
}
