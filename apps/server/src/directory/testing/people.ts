// A directory of people who are only numbered, in pages of a hundred, and runs over it as a test wants them.

import { mkdtempSync } from "node:fs";
import { join } from "node:path";

import { directoryRuns, type DirectoryRun } from "@lockstep/api";
import { beforeAll, inject } from "vitest";
import { v7 as uuid } from "uuid";

import { testMaking } from "../../facts/testing.ts";
import type { useExampleApp } from "../../http/testing/app.ts";
import type { Runner } from "../commands/runner.ts";
import type { RunId } from "../runs/store.ts";
import { makeAuthority, type TestAuthority } from "./certificates.ts";
import { beginJourney, type Journey, type Settings } from "./journey.ts";
import { startScripted, type Answer, type Asked } from "./scripted.ts";
import { uuidOf } from "./world.ts";

const base = "ou=people,dc=example,dc=test";

export function told(number: number, name = `Person ${number}`) {
  const attributes = {
    entryUUID: [uuidOf(number)],
    uid: [`person-${number}`],
    cn: [name],
    modifyTimestamp: ["20260301120000Z"],
  };
  return { dn: `uid=person-${number},${base}`, attributes };
}

export const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

export interface Scene {
  readonly journey: Journey;
  /** Who is in the directory; tests change it. */
  numbers: number[];
  /** What comes before each page. */
  before: (asked: Asked) => Answer | null;
}

/** For the whole test file. */
export function usePeople(example: ReturnType<typeof useExampleApp>) {
  let authority: TestAuthority;
  beforeAll(async () => {
    authority = await makeAuthority(mkdtempSync(join(inject("scratch"), "tls-")));
  });

  /** A directory of so many people, in pages of a hundred, while it is used. */
  async function withPeople(
    count: number,
    use: (scene: Scene) => Promise<void>,
    more: Partial<Settings> = {},
  ) {
    const state: Omit<Scene, "journey"> = { numbers: upTo(count), before: () => null };
    const scripted = await startScripted(authority, (asked) => {
      if (asked.base === "") return { entries: [{ dn: "", attributes: {} }] };
      const first = state.before(asked);
      if (first !== null) return first;
      const from = asked.cookie === "" ? 0 : Number(asked.cookie);
      const page = state.numbers.slice(from, from + 100);
      const cookie = from + 100 < state.numbers.length ? String(from + 100) : "";
      return { entries: page.map((number) => told(number)), cookie };
    });
    try {
      const journey = await beginJourney(example, {
        name: "Scripted",
        kind: "openldap",
        host: "localhost",
        port: scripted.port,
        security: "ldaps",
        certificates: authority.certificate,
        bindName: "cn=reader",
        password: "a reader's own password",
        base,
        mode: "team",
        isOn: false,
        ...more,
      });
      await use(Object.assign(state, { journey }));
    } finally {
      await scripted.stop();
    }
  }

  function runner(more: Partial<Runner> = {}): Runner {
    const { database } = example;
    const { keyEncryption } = testMaking();
    return { database, clock: () => example.now, keyEncryption, runner: uuid(), random: () => 0.5, ...more };
  }

  async function begun(
    { call, params }: Journey,
    body: { readonly isDryRun?: boolean } = {},
  ): Promise<{
    run: DirectoryRun;
    of: { organisationId: typeof params.organisationId; runId: RunId };
  }> {
    const run = await call(directoryRuns.startDirectoryRun, { params, body });
    return { run, of: { organisationId: params.organisationId, runId: run.id } };
  }

  return { withPeople, runner, begun };
}
