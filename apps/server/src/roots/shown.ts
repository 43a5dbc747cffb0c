// A root as people are shown it: with the age of its keys, and with whether the holder's key is there.

import type { Root } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { readRoot } from "@lockstep/keyfile";

import type { Database } from "../db/database.ts";
import { OperatorError } from "../db/operator-error.ts";
import { Refusal } from "../refusal.ts";
import { isHeldBy } from "./commands.ts";
import type { RootHolder } from "./root-key-file.ts";
import { findAhead, findShownRoot } from "./store.ts";

/** Whether the file is there at this moment, and holds the key that the root names. */
function stateOf(rootHolder: RootHolder, signed: string): Root["holder"] {
  try {
    const key = rootHolder.find();
    if (key === null) return "away";
    return isHeldBy(signed, key) ? "present" : "wrong";
  } catch (cause) {
    if (cause instanceof OperatorError) return "wrong";
    throw cause;
  }
}

/** @throws Refusal root_key_missing for an organisation that has no root yet. */
export async function showRoot(
  database: Database,
  rootHolder: RootHolder,
  organisationId: OrganisationId,
): Promise<Root> {
  const [shown, ahead] = await database.snapshot(
    async (snapshot) =>
      [await findShownRoot(snapshot, organisationId), await findAhead(snapshot, organisationId)] as const,
  );
  if (shown === undefined) throw new Refusal("root_key_missing");
  const { version, epoch, signed, firstAt, exportedAt } = shown;
  const root = readRoot(signed);
  if (root === null) throw new Error("a stored root cannot be read");
  const madeAt = new Map(shown.keys.map((key) => [key.kid, key.madeAt]));
  const keys = (["root", "issuer", "pulse"] as const).flatMap((role) =>
    root.roles[role].kids.map((kid) => ({ role, kid, madeAt: madeAt.get(kid) ?? firstAt })),
  );
  const expiresAt = new Date(root.expires * 1000).toISOString();
  return { version, epoch, expiresAt, keys, holder: stateOf(rootHolder, signed), exportedAt, ahead };
}
