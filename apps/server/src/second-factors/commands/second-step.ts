// The second step of signing in: a code, from the browser that has done the first one.

import type { Me } from "@lockstep/api";

import { changeFacts } from "../../facts/change.ts";
import { Refusal } from "../../refusal.ts";
import { loadCandidate } from "../../sessions/candidates/store.ts";
import {
  beginInBrowser,
  refuseBarred,
  type BegunInBrowser,
  type Browser,
  type FromBrowser,
} from "../../sessions/commands.ts";
import type { Owner } from "../../sessions/owner.ts";
import { recognise } from "../../sessions/known-browsers.ts";
import { gatherMe } from "../../sessions/me.ts";
import { parseSecret } from "../../sessions/secret.ts";
import { beginActivity } from "../../sessions/store.ts";
import { proveWithin, type Proof } from "../proving.ts";
import { findPending, spendPending, type PendingKey } from "../store.ts";
import type { Parts } from "./own.ts";

type Outcome = BegunInBrowser | Extract<Proof, { refusal: Refusal }> | "barred";

/**
 * @param secret of the first step, from the cookie.
 * @throws Refusal second_step_ended, second_factor_wrong, second_factor_wait, and what bars the account by now.
 */
export async function proveSecondFactor(
  parts: Parts,
  { secret, code, from }: { secret: string | undefined; code: string; from: FromBrowser },
): Promise<{ begun: BegunInBrowser; me: Me }> {
  const { database, clock } = parts;
  const key = secret === undefined ? null : parseSecret<"pending-sign-in">(secret);
  const userId =
    key === null ? undefined : await database.read((reader) => findPending(reader, key, clock()));
  if (key === null || userId === undefined) throw new Refusal("second_step_ended");
  const owner = { organisationId: key.organisationId, userId };
  const load = () => database.read((reader) => loadCandidate(reader, owner));
  const username = (await load())?.username;
  if (username === undefined) throw new Refusal("second_step_ended");
  const found = await recognise(database, { secret: from.known, username, at: clock() });
  const outcome = await finish(parts, owner, { key, code, browser: { ...from, found } });
  if (outcome === "barred") {
    const candidate = await load();
    if (candidate !== undefined) await refuseBarred(database, candidate);
    throw new Refusal("second_step_ended");
  }
  if ("refusal" in outcome) throw outcome.refusal;
  return { begun: outcome, me: await gatherMe(parts, owner) };
}

/** What was counted is kept also where it is refused. */
async function finish(
  { database, clock, keyEncryption }: Parts,
  owner: Owner,
  { key, code, browser }: { key: PendingKey; code: string; browser: Browser },
): Promise<Outcome> {
  const { organisationId, userId } = owner;
  const writing = { database, clock, doer: { role: "user", ...owner } };
  return changeFacts(writing, organisationId, async (change): Promise<Outcome> => {
    if (!(await beginActivity(change, organisationId, userId, change.at))) return "barred";
    const proof = await proveWithin(change, keyEncryption, { userId, code });
    if ("refusal" in proof) {
      const isGone = proof.refusal.code === "second_factor_missing";
      return isGone ? { refusal: new Refusal("second_step_ended") } : proof;
    }
    // Thrown, so that a code that nobody signs in with is not spent.
    if (!(await spendPending(change, key))) throw new Refusal("second_step_ended");
    return beginInBrowser(change, owner, { browser, at: change.at });
  });
}
