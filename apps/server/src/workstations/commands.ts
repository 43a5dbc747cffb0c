// Moves workstations, posts what holds on them, and declares them lost.

import type { Exposure, WorkstationDetail } from "@lockstep/api";
import type { Id, KeyId, OrganisationId, UpdateId, WorkstationId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import { endActivation } from "../activations/store.ts";
import type { Reader } from "../db/database.ts";
import { changeContents, changeFacts, type Writing } from "../facts/change.ts";
import { identifyWorkstationPolicy } from "../facts/identity.ts";
import { rotateKeyWithin } from "../keys/commands.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { Refusal } from "../refusal.ts";
import { loadContents } from "../standing/evidence/store.ts";
import { postCommand } from "../updates/store.ts";
import { effectivePoliciesOf } from "../workstation-teams/commands.ts";
import { listWorkstationTeams, type WorkstationTeamId } from "../workstation-teams/store.ts";
import {
  findWorkstation,
  listKeysNamed,
  listSentContents,
  lockWorkstation,
  updateWorkstationLost,
  updateWorkstationTeam,
  type Workstation,
} from "./store.ts";

/** Days without a report after which a workstation is silent, where its policy does not say. */
const dayMilliseconds = 86_400_000;

/** What should hold on a workstation, by its team. */
export interface Wanted {
  readonly contentId: Id<"content">;
  readonly silentAfterDays: number;
}

export async function gatherWanted(
  reader: Reader,
  organisationId: OrganisationId,
): Promise<ReadonlyMap<WorkstationTeamId, Wanted>> {
  const policies = effectivePoliciesOf(await listWorkstationTeams(reader, organisationId));
  return new Map(
    [...policies].map(([teamId, policy]) => [
      teamId,
      {
        contentId: identifyWorkstationPolicy(policy).id,
        silentAfterDays: Number(policy["silent.after"]),
      },
    ]),
  );
}

type State = WorkstationDetail["states"][number];

function statesOf(workstation: Workstation, wanted: Wanted | undefined, at: Date): State[] {
  const { activations, lostAt, isWipeOutstanding } = workstation;
  const silentSince = at.getTime() - (wanted?.silentAfterDays ?? 0) * dayMilliseconds;
  const isSilent = activations.some(
    ({ lastReportAt, admittedAt }) => Date.parse(lastReportAt ?? admittedAt) < silentSince,
  );
  const differs = activations.some(
    ({ contentId, hasOutstanding }) =>
      contentId !== null && contentId !== wanted?.contentId && !hasOutstanding,
  );
  const holding: readonly (readonly [State, boolean])[] = [
    ["lost", lostAt !== null],
    ["wipe-not-confirmed", isWipeOutstanding],
    ["cloned", activations.some(({ isForked }) => isForked)],
    ["locked", activations.some(({ isLocked }) => isLocked)],
    ["requires-policy-update", differs],
    ["update-pending", activations.some(({ hasOutstanding }) => hasOutstanding)],
    ["silent", isSilent],
  ];
  const states = holding.filter(([, holds]) => holds).map(([state]) => state);
  return states.length === 0 ? ["normal"] : states;
}

export function shownOf(
  workstation: Workstation,
  wanted: ReadonlyMap<WorkstationTeamId, Wanted>,
  at: Date,
): WorkstationDetail {
  const { id, name, os, teamId, lostAt } = workstation;
  const activations = workstation.activations.map((each) => {
    const { user, version, admittedAt, lastReportAt, openedAt, keystore, client } = each;
    return { id: each.id, user, version, admittedAt, lastReportAt, openedAt, keystore, client };
  });
  return { id, name, os, teamId, states: statesOf(workstation, wanted.get(teamId), at), lostAt, activations };
}

/** @throws Refusal workstation_not_found. */
export async function loadWorkstation(
  reader: Reader,
  organisationId: OrganisationId,
  workstationId: WorkstationId,
): Promise<Workstation> {
  const found = await findWorkstation(reader, organisationId, workstationId);
  if (found === undefined) throw new Refusal("workstation_not_found");
  return found;
}

/** @throws Refusal workstation_not_found, workstation_team_not_found. */
export async function moveWorkstation(
  writing: Writing,
  organisationId: OrganisationId,
  { workstationId, teamId }: { workstationId: WorkstationId; teamId: WorkstationTeamId },
): Promise<WorkstationDetail> {
  // Takes turns with whoever deletes the team.
  return changeContents(writing, organisationId, async (change) => {
    const { name } = await loadWorkstation(change, organisationId, workstationId);
    const team = (await listWorkstationTeams(change, organisationId)).find(({ id }) => id === teamId);
    if (team === undefined) throw new Refusal("workstation_team_not_found");
    await updateWorkstationTeam(change, workstationId, teamId);
    change.record({ kind: "workstation-moved", detail: { workstation: name, team: team.name } });
    const wanted = await gatherWanted(change, organisationId);
    return shownOf(await loadWorkstation(change, organisationId, workstationId), wanted, change.at);
  });
}

/**
 * Posts the policy that should hold on a workstation to everybody who is active there.
 * @returns to how many.
 * @throws Refusal workstation_not_found, user_not_active.
 */
export async function postWorkstationPolicy(
  writing: Writing,
  organisationId: OrganisationId,
  workstationId: WorkstationId,
): Promise<number> {
  return changeFacts(writing, organisationId, async (change) => {
    const { name, activations } = await loadWorkstation(change, organisationId, workstationId);
    if (activations.length === 0) throw new Refusal("user_not_active");
    for (const { id: activationId, user } of activations) {
      const kind = "workstation-policy";
      await postCommand(change, { id: uuid() as UpdateId, kind, activationId, userId: user.id });
      change.record({
        kind: "command-posted",
        userId: user.id,
        detail: { command: kind, workstation: name },
      });
    }
    return activations.length;
  });
}

/** Which versions of which keys a workstation was ever sent. @throws Refusal workstation_not_found. */
export async function gatherExposure(
  reader: Reader,
  organisationId: OrganisationId,
  workstationId: WorkstationId,
): Promise<Exposure> {
  await loadWorkstation(reader, organisationId, workstationId);
  const sent = await listSentContents(reader, organisationId, workstationId);
  const contents = await loadContents(
    reader,
    organisationId,
    sent.map(({ contentId }) => contentId),
  );
  const first = new Map<string, { keyId: KeyId; version: number; from: string }>();
  for (const { contentId, at } of sent) {
    for (const { key, version } of contents.get(contentId)?.keys ?? []) {
      const place = `${key} ${version}`;
      if (!first.has(place)) first.set(place, { keyId: key, version, from: at });
    }
  }
  const keys = await listKeysNamed(reader, organisationId, [
    ...new Set([...first.values()].map(({ keyId }) => keyId)),
  ]);
  const byId = new Map(keys.map((key) => [key.id, key]));
  const exposed = [...first.values()].flatMap(({ keyId, version, from }) => {
    const key = byId.get(keyId);
    if (key === undefined) return [];
    return [{ key: { id: keyId, name: key.name }, version, from, isInUse: key.active === version }];
  });
  return { exposed };
}

/**
 * Ends every activation on a workstation at once. A wipe is posted in case it calls again; what it was sent is exposed.
 * @throws Refusal workstation_not_found, workstation_lost.
 */
export async function declareLost(
  { writing, keyEncryption }: { writing: Writing; keyEncryption: KeyEncryption },
  organisationId: OrganisationId,
  { workstationId, rotateKeys }: { workstationId: WorkstationId; rotateKeys: boolean },
): Promise<Exposure> {
  return changeContents(writing, organisationId, async (change) => {
    await lockWorkstation(change, workstationId);
    const { name, lostAt, activations } = await loadWorkstation(change, organisationId, workstationId);
    if (lostAt !== null) throw new Refusal("workstation_lost");
    await updateWorkstationLost(change, workstationId);
    for (const { id: activationId, user } of activations) {
      await postCommand(change, {
        id: uuid() as UpdateId,
        kind: "deactivate",
        activationId,
        userId: user.id,
      });
      await endActivation(change, activationId, user.id);
      change.record({ kind: "workstation-lost", userId: user.id, detail: { workstation: name } });
    }
    const { exposed } = await gatherExposure(change, organisationId, workstationId);
    const inUse = new Set(exposed.filter((each) => each.isInUse).map(({ key }) => key.id));
    if (rotateKeys) for (const keyId of inUse) await rotateKeyWithin(change, keyEncryption, keyId);
    return gatherExposure(change, organisationId, workstationId);
  });
}
