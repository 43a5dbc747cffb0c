// What the server of the model remembers, as a plain value: a backup is a copy of it.

import type { Root } from "@lockstep/keyfile";

export interface Update {
  epoch: number;
  version: number;
  jws: string;
  hash: string;
  content: number;
  rootVersion: number;
  boxes: string[];
  state: "posted" | "processed" | "rejected" | "superseded";
}

export interface Command {
  id: string;
  kind: "lock" | "unlock" | "force-password-change";
  state: "posted" | "processed";
}

export interface Activation {
  /** Where Key-Files, and orders and pulses, are sealed to, as the newest report says. */
  box: string;
  ordersBox: string;
  version: number;
  ordersVersion: number;
  updates: Update[];
  commands: Command[];
  orders: { jws: string; hash: string; boxes: string[] } | null;
  rootVersion: number;
  nonces: string[];
  pulses: string[];
  lastSeq: number;
  reports: Record<number, { hash: string; received: boolean }>;
  /** How often a report with a digest was counted. */
  counted: Record<string, number>;
  applied: { epoch: number; version: number; hash: string } | null;
  /** It holds or refuses what this database cannot explain: the database came from a backup. */
  isAhead: boolean;
  isForked: boolean;
}

export interface Database {
  now: number;
  chain: string[];
  root: Root;
  issuer: number;
  activations: Activation[];
}

/** What a join names. */
export interface Recipients {
  readonly box: string;
  readonly ordersBox: string;
}

/** An activation to which nothing was sent yet. */
export function newActivation({ box, ordersBox }: Recipients): Activation {
  return {
    box,
    ordersBox,
    version: 0,
    ordersVersion: 0,
    updates: [],
    commands: [],
    orders: null,
    rootVersion: 1,
    nonces: [],
    pulses: [],
    lastSeq: 0,
    reports: {},
    counted: {},
    applied: null,
    isAhead: false,
    isForked: false,
  };
}
