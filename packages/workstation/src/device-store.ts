// The device store: what a workstation knows and can do while nobody is signed in to the Key-File. Orders, pulses, locks
// and reports need nothing else.

import { parseDeviceState } from "@lockstep/keyfile";
import { z } from "zod";

import { boxKeys } from "./key-store.ts";

const secret = z.base64url();
const instant = z.int().min(0);

const device = {
  sign: z.strictObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string(), d: z.string() }),
  /** Opens orders and pulses. */
  ordersBox: boxKeys,
  state: z.unknown().transform(parseDeviceState),
};

/** Where a parcel is that was put, until whoever reads the mailbox has taken it. */
const parcel = z.strictObject({ relay: z.string(), seq: z.int() });

const joining = z.strictObject({
  stage: z.literal("joining"),
  ...device,
  /** The secrets of the code's mailboxes. */
  down: secret,
  up: secret,
  relays: z.array(z.string()).min(1),
  /** Signed once: every retry sends this one, sealed to the offer's box. */
  join: z.string(),
  offerBox: z.string(),
  offerUntil: instant,
  digits: z.string(),
  sent: parcel.nullable(),
  /** The last answer that was a no, or made no sense: it is not heard again. */
  heard: parcel.nullable(),
});
/** Between entering a code and the first Key-File. */
export type Joining = Readonly<z.output<typeof joining>>;

const outcome = { outcome: z.enum(["processed", "failed"]), code: z.string().nullable(), detail: z.string() };
const said = z.union([
  z.strictObject({
    result: z.union([
      z.strictObject({ order: z.string(), ...outcome }),
      z.strictObject({ epoch: z.int(), ver: z.int(), ...outcome }),
    ]),
  }),
  z.strictObject({ rejected: z.strictObject({ blob_hash: z.string(), code: z.string() }) }),
  z.strictObject({ removed: z.strictObject({ key: z.string(), kv: z.int() }) }),
]);
/** Something that the server is to be told. */
export type Said = Readonly<z.output<typeof said>>;

const reports = z.strictObject({
  rseq: z.int().min(0),
  lastHash: z.string().nullable(),
  lastAt: instant.nullable(),
  /** Signed, and perhaps sent. It is sent as it is, or two reports would have one number. */
  outgoing: z.string().nullable(),
  /** Those that the server has not taken yet. */
  waiting: z.array(parcel.extend({ rseq: z.int() })),
  /** What the server may not know yet; `since` is the number of the first report that says so. */
  news: z.array(z.strictObject({ since: z.int().nullable(), said })),
});

const settings = z.record(z.string(), z.union([z.string(), z.int(), z.boolean()]));

const active = z.strictObject({
  stage: z.literal("active"),
  ...device,
  user: z.string(),
  wks: z.string(),
  mailboxes: z.strictObject({ down: secret, up: secret, relays: z.array(z.string()).min(1) }),
  replyTo: z.string(),
  /** The public half of the key store's current box key, which reports announce. */
  nextBox: z.string(),
  applied: z.strictObject({
    epoch: z.int(),
    ver: z.int(),
    team_content: z.string(),
    own_content: z.string(),
    kf_hash: z.string(),
  }),
  appliedAt: instant,
  policy: settings,
  workstationPolicy: settings,
  /** When the workstation policy was signed: it comes in Key-Files and in orders, and the newer one holds. */
  workstationPolicyAt: instant,
  /** What the key store holds, without the secrets. */
  held: z.array(
    z.strictObject({
      key: z.string(),
      kv: z.int(),
      use: z.enum(["encrypt", "decrypt"]),
      own: z.boolean(),
    }),
  ),
  /** A day, `perpetual`, `none`; null before the first pulse. */
  licenceUntil: z.string().nullable(),
  /** Boxes that may be Key-Files, as they came; they open with the key store. */
  waiting: z.array(z.strictObject({ box: z.base64url(), since: instant })),
  postponed: z.boolean(),
  /** At each relay, for each slot, what was last taken from it. */
  seen: z.record(z.string(), z.record(z.string(), z.string())),
  /** Where to wait for something newer. */
  bell: parcel.nullable(),
  ordersDone: z.array(z.string()),
  locked: z.boolean(),
  mustChangePassword: z.boolean(),
  attempts: z.int().min(0),
  /** Deactivated: the keys are gone, and the server is to be told. */
  ending: z.boolean(),
  reports,
  openedAt: instant.nullable(),
  syncedAt: instant.nullable(),
  /** How far this machine's clock is ahead of the relay's. */
  clockSkewSeconds: z.int(),
});
/** From the first Key-File on. */
export type Active = Readonly<z.output<typeof active>>;

const ended = z.strictObject({ stage: z.literal("ended"), org: z.string(), act: z.string(), at: instant });

export const deviceStore = z.discriminatedUnion("stage", [joining, active, ended]);
export type DeviceStore = Readonly<z.output<typeof deviceStore>>;
