// Workstations for tests: people activate on them, hold what was posted and report it, as Proxy Sync would write it.

import { createHash } from "node:crypto";

import { licences, type User } from "@lockstep/api";
import type { ActivationId, UserId, WorkstationId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import { insertActivation, recogniseWorkstation, updateApplied } from "../../activations/store.ts";
import type { Change } from "../../db/change.ts";
import { changeFacts, type Writing } from "../../facts/change.ts";
import { postKeyFiles, updateUpdateState } from "../../updates/store.ts";
import type { ExampleApp } from "./app.ts";
import type { OwnOrganisation } from "./organisation.ts";

export interface Active {
  readonly id: ActivationId;
  readonly workstationId: WorkstationId;
  readonly userId: UserId;
}

export interface Machines {
  readonly writing: Writing;
  readonly change: <Result>(write: (change: Change) => Promise<Result>) => Promise<Result>;
  /** Gives each a seat of a new licence. */
  readonly license: (users: readonly User[]) => Promise<void>;
  /** Somebody is admitted on the machine of this name, and holds nothing yet. */
  readonly activate: (user: Pick<User, "id">, name: string) => Promise<Active>;
  /** What they should hold is posted to them, and each of their workstations reports that it holds it. */
  readonly bringUpToDate: (users: readonly User[]) => Promise<void>;
}

export function machinesIn(example: ExampleApp, { call, params }: OwnOrganisation): Machines {
  const { database } = example;
  const writing: Writing = { database, clock: () => example.now, doer: { role: "system", userId: null } };
  const change: Machines["change"] = (write) => changeFacts(writing, params.organisationId, write);
  return {
    writing,
    change,
    license: async (users) => {
      const body = { productId: "LS-1", edition: "Pro", term: "perpetual", seats: users.length } as const;
      const dates = { validFrom: "2026-01-01", validUntil: null };
      const { id: licenceId } = await call(licences.addLicence, { params, body: { ...body, ...dates } });
      const userIds = users.map(({ id }) => id);
      await call(licences.assignLicence, { params: { ...params, licenceId }, body: { userIds } });
    },
    activate: ({ id: userId }, name) =>
      change(async (inside) => {
        const id = uuid() as ActivationId;
        const machineHash = createHash("sha256").update(name).digest("hex");
        const workstationId = await recogniseWorkstation(inside, {
          id: uuid() as WorkstationId,
          name,
          machineHash,
        });
        await insertActivation(inside, { id, userId, workstationId });
        return { id, workstationId, userId };
      }),
    bringUpToDate: (users) =>
      change(async (inside) => {
        const posted = await postKeyFiles(
          inside,
          users.map(({ id }) => id),
        );
        for (const each of posted) {
          await updateUpdateState(inside, each, "processed");
          await updateApplied(inside, each);
        }
      }),
  };
}
