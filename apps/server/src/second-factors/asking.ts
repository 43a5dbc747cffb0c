// The first step of a sign-in is done and there is a second factor: what its holder gets is no session, and good for
// nothing but the second step, for five minutes.

import type { OrganisationId, UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import type { Transaction } from "../db/database.ts";
import { makeSecret } from "../sessions/secret.ts";
import { insertPending, type PendingId, type Way } from "./store.ts";

export interface Asked {
  readonly asked: { readonly secret: string; readonly expiresAt: Date };
}

const minutes = 5;

export async function askSecondFactor(
  transaction: Transaction,
  { organisationId, userId }: { organisationId: OrganisationId; userId: UserId },
  { way, at }: { way: Way; at: Date },
): Promise<Asked> {
  const { text, ...key } = makeSecret(organisationId, uuid() as PendingId);
  const expiresAt = new Date(at.getTime() + minutes * 60_000);
  await insertPending(transaction, key, { userId, way, at, expiresAt });
  return { asked: { secret: text, expiresAt } };
}
