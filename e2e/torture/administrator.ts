// The administrator of the tortured organisation: changes a policy and posts to everybody, locks and unlocks, rotates the
// issuer's key, and remembers what was acknowledged.

import { roots, sync, teams, updates, type Posting } from "@lockstep/api";
import type { UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import type { Draws } from "./draws.ts";
import { isRefusal, type Installation } from "../installation.ts";
import type { People } from "./people.ts";

/** A Key-File carries at most 64 roots. */
const mostRotations = 20;

/** What the server has acknowledged, and must not lose. */
export interface Acknowledged {
  readonly postings: Posting["id"][];
  commands: number;
  rotations: number;
}

export class Administrator {
  readonly acknowledged: Acknowledged = { postings: [], commands: 0, rotations: 0 };
  readonly #installation: Installation;
  readonly #people: People;
  readonly #draws: Draws;
  #changes = 0;

  constructor(installation: Installation, people: People, draws: Draws) {
    this.#installation = installation;
    this.#people = people;
    this.#draws = draws;
  }

  get #params() {
    return { organisationId: this.#installation.organisationId };
  }

  /** Does one thing of those that are drawn. */
  async act(): Promise<void> {
    const draws = this.#draws;
    if (draws.once(12)) await this.#rotateIssuer();
    if (draws.once(4)) await this.#lockAndUnlock(draws.oneOf(this.#people.working));
    await this.#changePolicy();
    const posting = await this.post();
    // Now and then the next one begins before this one has ended.
    if (!draws.once(4)) await this.awaitEnd(posting);
  }

  async #changePolicy(): Promise<void> {
    this.#changes += 1;
    const policy = { "password.min-length": 8 + (this.#changes % 16) };
    const params = { ...this.#params, teamId: this.#people.root.id };
    const { call } = this.#installation;
    for (;;) {
      const { team } = await call(teams.showTeam, { params });
      if (team.policy["password.min-length"] === policy["password.min-length"]) return;
      try {
        await call(teams.setTeamPolicy, { params, body: { policy }, match: team.revision });
        return;
      } catch (error) {
        // It was changed by the call before, whose answer was cut off.
        if (!isRefusal(error, "revision_changed")) throw error;
      }
    }
  }

  /** Begins to post to everybody who requires it. */
  async post(): Promise<Posting["id"]> {
    const body = {};
    const { id } = await this.#installation.call(updates.postKeyFiles, {
      params: this.#params,
      body,
      idempotencyKey: uuid(),
    });
    this.acknowledged.postings.push(id);
    return id;
  }

  async showPosting(postingId: Posting["id"]): Promise<Posting> {
    const params = { ...this.#params, postingId };
    return this.#installation.call(updates.showPosting, { params });
  }

  async awaitEnd(postingId: Posting["id"]): Promise<void> {
    while ((await this.showPosting(postingId)).endedAt === null) await this.exchange();
  }

  async #lockAndUnlock(userId: UserId): Promise<void> {
    for (const kind of ["lock", "unlock"] as const) {
      const params = { ...this.#params, userId };
      const { posted } = await this.#installation.call(updates.postCommand, {
        params,
        body: { kind },
        idempotencyKey: uuid(),
      });
      this.acknowledged.commands += posted;
    }
  }

  async #rotateIssuer(): Promise<void> {
    if (this.acknowledged.rotations >= mostRotations) return;
    const { call } = this.#installation;
    const { version } = await call(roots.showRoot, { params: this.#params });
    this.acknowledged.rotations += 1;
    try {
      await call(roots.rotateIssuer, { params: this.#params, match: version });
    } catch (error) {
      if (!isRefusal(error, "revision_changed")) throw error;
    }
  }

  /** Server and relay exchange everything now, if the relay is there. */
  async exchange(): Promise<void> {
    try {
      await this.#installation.call(sync.startSync, { params: this.#params });
    } catch (error) {
      if (!isRefusal(error, "relay_unreachable")) throw error;
    }
  }
}
