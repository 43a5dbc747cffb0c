import { imports } from "@lockstep/api";
import { afterAll, expect, test } from "vitest";
import { v7 as uuid } from "uuid";

import { testMaking } from "../facts/testing.ts";
import { useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation } from "../http/testing/organisation.ts";
import type { Rounds } from "../rounds.ts";
import { startImportJob } from "./imports.ts";

const example = useExampleApp();
const jobs: Rounds[] = [];
afterAll(() => Promise.all(jobs.map((job) => job.stop())));

function start(intervalMilliseconds: number): Rounds {
  const { database } = example;
  const onFailure = (error: unknown) => {
    throw error;
  };
  const around = { database, clock: () => example.now, ...testMaking(), onMail: () => undefined };
  const job = startImportJob({ ...around, intervalMilliseconds, onFailure });
  jobs.push(job);
  return job;
}

async function startedImport() {
  const { call, params } = await makeOwnOrganisation(example);
  const csv = `name,username\nAda,${uuid()}@x.example`;
  const { id } = await call(imports.startImport, { params, body: { fileName: "people.csv", csv } });
  const show = () => call(imports.showImport, { params: { ...params, importId: id } });
  return async () => {
    let shown = await show();
    while (shown.endedAt === null) shown = await show();
    return shown;
  };
}

const never = 2 ** 30;

test("an import is carried out at once by the server at which it was started", async () => {
  const job = start(never);
  for (let round = 0; round < 3; round++) {
    const ended = await startedImport();
    job.wake();
    expect(await ended()).toMatchObject({ added: 1 });
  }
  await job.stop();
});

test("what another server has left, or this one before it was restarted, is carried out without being told", async () => {
  const ended = await startedImport();
  const job = start(never);
  expect(await ended()).toMatchObject({ added: 1 });
  await job.stop();
  const later = await startedImport();
  const polling = start(1);
  expect(await later()).toMatchObject({ added: 1 });
  await polling.stop();
});
