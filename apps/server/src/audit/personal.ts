// What events say of a person beside ids: sealed under a key of that person's own, which goes when the person is
// deleted. The seals over events cover what is stored, so they hold afterwards as before.

import type { OrganisationId } from "@lockstep/core";

import type { Happening } from "../db/change.ts";
import type { Transaction } from "../db/database.ts";
import { ensurePersonKeys } from "./person-keys/store.ts";
import { sealParts, type Detail, type Parted } from "./sealed-parts.ts";
import type { Recorded } from "./store.ts";

/** The parts of a detail that are personal, where the event is about a user: machines are called after people, and tokens. */
const personal = new Set(["workstation", "token"]);

/** Null where nothing is personal. */
function parted({ userId, detail = {} }: Happening): Parted | null {
  if (userId === undefined) return null;
  const parts: { open: Record<string, unknown>; personal: Record<string, unknown> } = {
    open: {},
    personal: {},
  };
  for (const [name, value] of Object.entries<unknown>(detail)) {
    if (value !== undefined) parts[personal.has(name) ? "personal" : "open"][name] = value;
  }
  return Object.keys(parts.personal).length === 0 ? null : parts;
}

/** Seals what is personal; of somebody who is deleted it is left out. Asks nothing where there is none. */
export async function sealPersonal(
  transaction: Transaction,
  organisationId: OrganisationId,
  events: readonly Recorded[],
): Promise<readonly Recorded[]> {
  const all = events.map((event) => ({ event, parts: parted(event) }));
  const about = all.flatMap(({ event, parts }) =>
    parts === null || event.userId === undefined ? [] : [event.userId],
  );
  if (about.length === 0) return events;
  const keys = await ensurePersonKeys(transaction, organisationId, [...new Set(about)]);
  return all.map(({ event, parts }) => {
    if (parts === null || event.userId === undefined) return event;
    const key = keys.get(event.userId);
    const place = { organisationId, eventId: event.id };
    const detail: Detail = key === undefined ? parts.open : sealParts(key, place, parts);
    return { ...event, detail };
  });
}
