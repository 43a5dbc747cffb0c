// What answers for activation codes.

import { activations } from "@lockstep/api";

import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import type { SignersOf } from "../roots/signers.ts";
import { gatherCodes, issueActivationCode, voidCode } from "./commands.ts";

interface Parts {
  readonly database: Database;
  readonly keyEncryption: KeyEncryption;
  readonly signersOf: SignersOf;
  readonly relays: readonly string[];
  readonly onPosted: () => void;
}

export function activationRoutes({ database, onPosted, ...issuing }: Parts): Route[] {
  return [
    route(activations.issueActivationCode, async ({ writing, params: { organisationId, userId }, body }) => {
      const issued = await issueActivationCode({ ...issuing, writing }, organisationId, { userId, ...body });
      onPosted();
      return issued;
    }),
    route(activations.voidActivationCode, async ({ writing, params: { organisationId, userId } }) => {
      await voidCode(writing, organisationId, userId);
      onPosted();
      return {};
    }),
    route(activations.listActivationCodes, ({ params: { organisationId, userId } }) =>
      database.snapshot(async (snapshot) => ({ codes: await gatherCodes(snapshot, organisationId, userId) })),
    ),
  ];
}
