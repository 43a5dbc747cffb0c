// Tells the managers of an organisation by mail what waits for them: now and then, and only if anything does.

import type { OrganisationId } from "@lockstep/core";

import type { Clock } from "../../clock.ts";

import type { Database, Transaction } from "../../db/database.ts";
import { changeFactsWithin, type Writing } from "../../facts/change.ts";
import { postMails } from "../../mails/post.ts";
import { countDeletionRequests, listDeletionRequests } from "../../deletions/store.ts";
import { loadOrganisation } from "../../organisations/store.ts";
import { listAdministratorsAround } from "../../sessions/administrators/store.ts";
import { claimDigest, countPending, listPending } from "../digests/store.ts";
import { countComing, firstWarningDays, listComing } from "../inactivity/store.ts";
import { loadRules } from "../rules/store.ts";
import { system } from "./acting.ts";
import { listLastAdministrators } from "./inactivity.ts";

interface Surroundings {
  readonly database: Database;
  readonly clock: Clock;
}

const dayMilliseconds = 86_400_000;
const daysBetween = { daily: 1, weekly: 7 } as const;
/** So many are named. */
const named = 10;

/** How many, and who first; empty for nobody. */
function listed(count: number, names: readonly string[]): string {
  if (count === 0) return "";
  return `${count}: ${names.join(", ")}${count > names.length ? ", …" : ""}`;
}

interface Waiting {
  readonly disabling: string;
  readonly pending: string;
  /** Who asked for deletion. */
  readonly deletions: string;
}

async function gatherWaiting(
  transaction: Transaction,
  organisationId: OrganisationId,
  { at, inactiveDays }: { at: Date; inactiveDays: number },
): Promise<Waiting> {
  const not = await listLastAdministrators(transaction, organisationId);
  const until = new Date(at.getTime() + firstWarningDays * dayMilliseconds);
  const terms = { at, inactiveDays, not, until };
  const coming = await listComing(transaction, organisationId, { ...terms, limit: named });
  const pending = await listPending(transaction, organisationId, named);
  const asking = await listDeletionRequests(transaction, organisationId, { after: null, limit: named });
  return {
    disabling: listed(
      await countComing(transaction, organisationId, terms),
      coming.map(({ name, disabledOn }) => `${name} (${disabledOn.slice(0, 10)})`),
    ),
    pending: listed(await countPending(transaction, organisationId), pending),
    deletions: listed(
      await countDeletionRequests(transaction, organisationId),
      asking.map(({ name, dueAt }) => `${name} (${dueAt.slice(0, 10)})`),
    ),
  };
}

/** Right however many servers do it at once. @returns whether anybody was told. */
export async function postDigest(
  { database, clock }: Surroundings,
  organisationId: OrganisationId,
): Promise<boolean> {
  const at = clock();
  const { digest, inactiveDays } = await database.read((reader) => loadRules(reader, organisationId));
  if (digest === "off") return false;
  const since = new Date(at.getTime() - daysBetween[digest] * dayMilliseconds);
  return database.transaction(async (transaction) => {
    const { name, state, office } = await loadOrganisation(transaction, organisationId);
    if (state !== "enabled" || office !== "none") return false;
    if (!(await claimDigest(transaction, organisationId, { at, since }))) return false;
    const waiting = await gatherWaiting(transaction, organisationId, { at, inactiveDays });
    if (Object.values(waiting).every((each) => each === "")) return false;
    const writing = { database, clock, doer: { role: system.role, userId: null } };
    return tellManagers(transaction, writing, { organisationId, details: { ...waiting, about: name } });
  });
}

/** Each where the manager lives, which need not be there. */
async function tellManagers(
  transaction: Transaction,
  writing: Writing,
  { organisationId, details }: { organisationId: OrganisationId; details: Record<string, string> },
): Promise<boolean> {
  const managers = (await listAdministratorsAround(transaction, organisationId)).filter(
    ({ role, scopeId }) => role === "organisation-manager" && scopeId === organisationId,
  );
  for (const [home, those] of Map.groupBy(managers, ({ homeId }) => homeId)) {
    await changeFactsWithin(transaction, writing, home, (change) =>
      postMails(
        change,
        those.map(({ userId }) => ({ userId, kind: "account-digest" as const, details })),
      ),
    );
  }
  return managers.length > 0;
}
