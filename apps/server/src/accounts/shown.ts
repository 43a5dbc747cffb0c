// How the account of one user stands, as it is shown: to administrators whole, to the user without what is not for users.

import type { Account } from "@lockstep/api";
import { accountStatusOf, type OrganisationId, type UserId } from "@lockstep/core";

import { loadNamesOfAway } from "../audit/store.ts";
import type { Snapshot } from "../db/database.ts";
import { findDeletionRequest } from "../deletions/store.ts";
import { findLastMail, listUndeliveredWarnings, type StoredMail } from "../mails/store.ts";
import { loadOrganisationState } from "../organisations/store.ts";
import { ofStrangers } from "../sessions/attempts.ts";
import { findLock } from "../sessions/attempts/store.ts";
import { loadUser } from "../users/store.ts";
import { findBlock, listFormerBlocks, type Block } from "./blocks/store.ts";
import { findOutlook } from "./inactivity/store.ts";
import { loadRules } from "./rules/store.ts";
import { loadTimes } from "./store.ts";

/** @throws Refusal user_not_found. */
export async function gatherAccount(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  { userId, isOwn, at }: { userId: UserId; isOwn: boolean; at: Date },
): Promise<Account> {
  const { account, blocked, disabled, username } = await loadUser(snapshot, organisationId, userId);
  const { state, authorityState } = await loadOrganisationState(snapshot, organisationId);
  const standing = await findBlock(snapshot, organisationId, userId);
  const former = await listFormerBlocks(snapshot, organisationId, userId);
  const { blockedAt, disabledAt, activeAt } = await loadTimes(snapshot, organisationId, userId);
  const { inactiveDays } = await loadRules(snapshot, organisationId);
  const outlook = await findOutlook(snapshot, organisationId, { userId, at, inactiveDays });
  const signInLockedUntil = await findLock(snapshot, ofStrangers(username).key, at);
  const deletion = await findDeletionRequest(snapshot, organisationId, userId);
  const mail = await findLastMail(snapshot, organisationId, userId);
  const blocks = standing === undefined ? former : [standing, ...former];
  const names = await loadNamesOfAway(snapshot, blocks);
  const shown = ({ at, role, actorUserId, reason, userReason, until, liftedAt }: Block) => ({
    ...{ at, role, userReason, until, liftedAt },
    by: (actorUserId === null ? undefined : names.get(actorUserId)) ?? null,
    reason: isOwn ? null : reason,
  });
  return {
    status: accountStatusOf({
      ...{ account, blocked, disabled },
      organisation: state,
      authority: authorityState,
    }),
    account,
    block: standing !== undefined ? shown(standing) : blockedAt === null ? null : unrecorded(blockedAt),
    formerBlocks: former.map(shown),
    disabledAt,
    activeAt: account === "active" ? activeAt : null,
    disabledOn: outlook?.exemption === null ? outlook.disabledOn : null,
    warnedAt: outlook?.warnedAt ?? null,
    undelivered: await listUndeliveredWarnings(snapshot, organisationId, userId),
    exemption: outlook?.exemption ?? null,
    signInLockedUntil,
    deletion,
    mail: mail === undefined ? null : shownMail(mail),
  };
}

function shownMail({ kind, state, postedAt, failure }: StoredMail): NonNullable<Account["mail"]> {
  return { kind, state, postedAt, failure };
}

/** A block from before it was written down who set it and why. */
function unrecorded(at: string): NonNullable<Account["block"]> {
  return { at, by: null, role: null, reason: null, userReason: null, until: null, liftedAt: null };
}
