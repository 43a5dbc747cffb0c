// What answers for accounts.

import {
  accountBatches,
  accounts,
  inactivity,
  invitations,
  passwords,
  peopleExports,
  verdicts,
} from "@lockstep/api";
import { dayOf, type OrganisationId, type UserId } from "@lockstep/core";

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { shownBatch, shownRow } from "./batches/shown.ts";
import { listRows, loadBatch } from "./batches/store.ts";
import { cancelBatch, startBatch } from "./commands/batch.ts";
import { blockAccount, unblockAccount } from "./commands/block.ts";
import { activateAccount, reEnableAccount, resetPassword } from "./commands/by-link.ts";
import { exportPeople } from "./commands/export.ts";
import { confirmInactivity, endExemption, exemptUser } from "./commands/inactivity.ts";
import { inviteAccount, resendInvitation, withdrawInvitation } from "./commands/invite.ts";
import { askToReEnable } from "./commands/re-enabling.ts";
import { setAccountRules } from "./commands/rules.ts";
import { gatherInactivity, previewInactivity } from "./inactivity/shown.ts";
import { loadRules } from "./rules/store.ts";
import { gatherAccount } from "./shown.ts";
import { actorsAsSeen, judge } from "./verdict.ts";

interface Parts {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyEncryption: KeyEncryption;
  /** A mail was posted, or asked for. */
  readonly onMail: () => void;
  /** Something is to be delivered, or taken back. */
  readonly onPosted: () => void;
  /** A held run was confirmed. */
  readonly onConfirmed: () => void;
  /** A batch was started. */
  readonly onBatch: () => void;
}

interface Named {
  readonly organisationId: OrganisationId;
  readonly userId: UserId;
}

export function accountRoutes(parts: Parts): Route[] {
  return [...standingRoutes(parts), ...batchRoutes(parts), ...invitationRoutes(parts), ...ownerRoutes(parts)];
}

function standingRoutes({ database, clock, keyEncryption, onPosted, onMail, onConfirmed }: Parts): Route[] {
  const show = ({ organisationId, userId }: Named, isOwn = false) =>
    database.snapshot((snapshot) => gatherAccount(snapshot, organisationId, { userId, isOwn, at: clock() }));
  return [
    // Allowed as a `user`: it is about oneself.
    route(accounts.showAccount, ({ params, writing }) => show(params, writing.doer.role === "user")),
    route(accounts.blockAccount, async ({ writing, caller: { actors }, params, body }) => {
      const until = body.until === null ? null : new Date(body.until);
      const blocking = { ...body, until, userId: params.userId };
      await blockAccount({ writing, actors }, params.organisationId, blocking);
      onPosted();
      onMail();
      return show(params);
    }),
    route(accounts.unblockAccount, async ({ writing, caller: { actors }, params }) => {
      await unblockAccount({ writing, actors, keyEncryption }, params.organisationId, params.userId);
      onPosted();
      onMail();
      return show(params);
    }),
    route(verdicts.showVerdict, ({ caller: { actors }, params: { organisationId, userId }, query }) =>
      database.snapshot(async (snapshot) => {
        const { action, actor, actorOrganisation = organisationId } = query;
        const other = { organisationId: actorOrganisation, userId: actor ?? userId };
        const those = actor === undefined ? actors : await actorsAsSeen(snapshot, actors, other);
        return judge(snapshot, organisationId, { action, userId, actors: those, today: dayOf(clock()) });
      }),
    ),
    route(accounts.showAccountRules, ({ params: { organisationId } }) =>
      database.snapshot((snapshot) => loadRules(snapshot, organisationId)),
    ),
    route(accounts.setAccountRules, ({ writing, params: { organisationId }, body, match }) =>
      setAccountRules(writing, organisationId, { ...body, revision: match }),
    ),
    route(inactivity.showInactivity, ({ params: { organisationId } }) =>
      database.snapshot((snapshot) => gatherInactivity(snapshot, organisationId)),
    ),
    route(inactivity.previewInactivity, ({ params: { organisationId }, query }) =>
      database.snapshot((snapshot) => previewInactivity(snapshot, organisationId, { ...query, at: clock() })),
    ),
    route(inactivity.confirmInactivity, async ({ writing, params: { organisationId }, body }) => {
      await confirmInactivity(writing, organisationId, body.due);
      onConfirmed();
      return {};
    }),
    route(inactivity.exemptUser, async ({ writing, params: { organisationId, userId }, body }) => {
      await exemptUser(writing, organisationId, { userId, ...body });
      return {};
    }),
    route(inactivity.endExemption, async ({ writing, params: { organisationId, userId } }) => {
      await endExemption(writing, organisationId, userId);
      return {};
    }),
  ];
}

function invitationRoutes({ database, clock, keyEncryption, onMail, onPosted }: Parts): Route[] {
  const show = ({ organisationId, userId }: Named) =>
    database.snapshot((snapshot) =>
      gatherAccount(snapshot, organisationId, { userId, isOwn: false, at: clock() }),
    );
  return [
    route(invitations.inviteAccount, async ({ writing, caller: { actors }, params }) => {
      await inviteAccount({ writing, actors, keyEncryption }, params.organisationId, params.userId);
      onMail();
      return show(params);
    }),
    route(invitations.resendInvitation, async ({ writing, caller: { actors }, params }) => {
      await resendInvitation({ writing, actors, keyEncryption }, params.organisationId, params.userId);
      onMail();
      return show(params);
    }),
    route(invitations.withdrawInvitation, async ({ writing, caller: { actors }, params }) => {
      await withdrawInvitation({ writing, actors }, params.organisationId, params.userId);
      onPosted();
      return show(params);
    }),
  ];
}

/** What the owner of an account does, who cannot sign in to it yet or any more. */
function ownerRoutes({ database, clock, onMail }: Parts): Route[] {
  return [
    route(invitations.activateAccount, async ({ body, cookie }) => {
      cookie.remember(await activateAccount({ database, clock }, body));
      return {};
    }),
    route(invitations.askToReEnable, async ({ body }) => {
      await askToReEnable({ database, clock }, body.username);
      onMail();
      return {};
    }),
    route(passwords.resetPassword, async ({ body, cookie }) => {
      cookie.remember(await resetPassword({ database, clock }, body));
      onMail();
      return {};
    }),
    route(invitations.reEnableAccount, async ({ body }) => {
      await reEnableAccount({ database, clock }, body);
      return {};
    }),
  ];
}

function batchRoutes({ database, onBatch }: Pick<Parts, "database" | "onBatch">): Route[] {
  const nothingSaid = { reason: null, userReason: null, until: null };
  return [
    route(accountBatches.blockAccounts, async ({ writing, params: { organisationId }, body }) => {
      const until = body.until === null ? null : new Date(body.until);
      const ordered = { ...body, until, action: "block-account" } as const;
      const batch = await startBatch(writing, organisationId, ordered);
      onBatch();
      return shownBatch(batch);
    }),
    route(accountBatches.unblockAccounts, async ({ writing, params: { organisationId }, body }) => {
      const ordered = { ...nothingSaid, ...body, action: "unblock-account" } as const;
      const batch = await startBatch(writing, organisationId, ordered);
      onBatch();
      return shownBatch(batch);
    }),
    route(accountBatches.resendInvitations, async ({ writing, params: { organisationId }, body }) => {
      const ordered = { ...nothingSaid, ...body, action: "resend-invitation" } as const;
      const batch = await startBatch(writing, organisationId, ordered);
      onBatch();
      return shownBatch(batch);
    }),
    route(peopleExports.exportPeople, ({ writing, params: { organisationId }, body }) =>
      exportPeople(writing, organisationId, body.userIds),
    ),
    route(accountBatches.showAccountBatch, async ({ params: { organisationId, batchId } }) =>
      shownBatch(await database.read((reader) => loadBatch(reader, organisationId, batchId))),
    ),
    route(accountBatches.cancelAccountBatch, async ({ writing, params: { organisationId, batchId } }) =>
      shownBatch(await cancelBatch(writing, organisationId, batchId)),
    ),
    route(accountBatches.listAccountBatchRows, ({ params: { organisationId, batchId }, query }) =>
      database.snapshot(async (snapshot) => {
        await loadBatch(snapshot, organisationId, batchId);
        const rows = await listRows(snapshot, organisationId, { batchId, ...query });
        return { rows: rows.map(shownRow) };
      }),
    ),
  ];
}
