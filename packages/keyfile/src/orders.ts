// Orders: what a workstation should do besides holding its Key-File. Whole like the Key-File: the newest list wins, and
// each order is carried out once, so a relay can neither lose one nor repeat a lock after the unlock.

import { z } from "zod";

import { signObject } from "./jws.ts";
import { addressed } from "./key-file.ts";
import { count, id, settings } from "./shapes.ts";
import type { Signer } from "./signing-key.ts";

const none = z.strictObject({});

/** What an order may be. The words are forever. */
export const orderKinds = [
  "deactivate",
  "lock",
  "unlock",
  "force-password-change",
  "workstation-policy",
] as const;

const order = z.discriminatedUnion("kind", [
  z.strictObject({ id, kind: z.literal("deactivate"), args: none }),
  z.strictObject({ id, kind: z.literal("lock"), args: none }),
  z.strictObject({ id, kind: z.literal("unlock"), args: none }),
  z.strictObject({ id, kind: z.literal("force-password-change"), args: none }),
  z.strictObject({ id, kind: z.literal("workstation-policy"), args: z.strictObject({ policy: settings }) }),
]);

/** One order. `deactivate` wipes; `workstation-policy` is for whoever is not signed in, and cannot wait for a Key-File. */
export type Order = Readonly<z.output<typeof order>>;

export const ordersSchema = z
  .strictObject({ ...addressed, cver: count, locked: z.boolean(), outstanding: z.array(order).max(64) })
  .refine(
    ({ outstanding }) => new Set(outstanding.map((each) => each.id)).size === outstanding.length,
    "an order is there twice",
  );

/** `cver` counts up for each activation within an epoch. `locked` is how it should be once all is carried out. */
export type Orders = Readonly<z.output<typeof ordersSchema>>;

/**
 * Orders as a compact JWS, by a key of the issuer role.
 * @throws TypeError when no workstation would accept them.
 */
export function signOrders(orders: Orders, issuer: Signer): string {
  return signObject("orders", { schema: ordersSchema, value: orders }, issuer);
}

/** How many ids of orders a workstation remembers: a server that was restored may list old ones once more. */
const rememberedOrders = 256;

/**
 * What is left to do of accepted orders, in their order, and the ids to remember once it is done.
 * @param done the ids that were carried out before, oldest first.
 */
export function ordersToRun(
  { outstanding }: Orders,
  done: readonly string[],
): { readonly run: readonly Order[]; readonly done: readonly string[] } {
  const run = outstanding.filter((each) => !done.includes(each.id));
  const listed = new Set(outstanding.map((each) => each.id));
  const former = done.filter((each) => !listed.has(each));
  const present = done.filter((each) => listed.has(each));
  const remembered = [...former.slice(-rememberedOrders), ...present];
  return { run, done: [...remembered, ...run.map((each) => each.id)] };
}
