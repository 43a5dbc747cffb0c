import { organisations, roots, standings } from "@lockstep/api";
import { expect, test } from "vitest";

import { useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation } from "../http/testing/organisation.ts";

const example = useExampleApp();

test("a new organisation has a root with three keys, for two years", async () => {
  const { call, params } = await makeOwnOrganisation(example);
  const root = await call(roots.showRoot, { params });
  expect(root).toMatchObject({ version: 1, epoch: 1, holder: "present", exportedAt: null, ahead: null });
  expect(root.expiresAt).toBe("2028-02-29T12:00:00.000Z");
  expect(root.keys.map(({ role, madeAt }) => [role, madeAt])).toEqual(
    ["root", "issuer", "pulse"].map((role) => [role, example.now.toISOString()]),
  );
});

test("a root is changed from the version that was looked at, and each change is told to everybody in it", async () => {
  const { call, params, people } = await makeOwnOrganisation(example);
  const [person] = await people(1);
  if (person === undefined) throw new Error("there is one");
  const before = await call(roots.showRoot, { params });
  const issued = await call(roots.rotateIssuer, { params, match: 1 });
  expect(issued.version).toBe(2);
  expect(issued.keys[1]?.kid).not.toBe(before.keys[1]?.kid);
  await expect(call(roots.rotatePulse, { params, match: 1 })).rejects.toMatchObject({
    code: "revision_changed",
  });
  await call(roots.rotatePulse, { params, match: 2 });
  await call(roots.renewRoot, { params, match: 3 });
  const raised = await call(roots.raiseEpoch, { params, match: 4, body: { epochSeen: 3 } });
  expect(raised).toMatchObject({ version: 5, epoch: 4 });
  const exported = await call(roots.confirmExport, { params });
  expect(exported).toMatchObject({ version: 5, exportedAt: example.now.toISOString() });
  const { entries } = await call(standings.showTimeline, { params: { ...params, userId: person.id } });
  expect(entries.slice(0, 5).map(({ sentence }) => sentence)).toEqual([
    "It was confirmed that the key files were copied to a safe place.",
    "Epoch 4 began, as after a restored backup.",
    "The root was signed for another two years, as version 4.",
    "A new key signs pulses, from version 3 of the root on.",
    "A new key signs Key-Files and orders, from version 2 of the root on.",
  ]);
});

test("that the files were copied stays known when a later root is signed", async () => {
  const { call, params } = await makeOwnOrganisation(example);
  await call(roots.confirmExport, { params });
  const { version, exportedAt } = await call(roots.renewRoot, { params, match: 1 });
  expect({ version, exportedAt }).toEqual({ version: 2, exportedAt: example.now.toISOString() });
});

test("the installation's own people have a root too", async () => {
  const call = await example.callAs("sol");
  const { organisations: all } = await call(organisations.listOrganisations);
  const offices = all.filter(({ office }) => office !== "none");
  expect(offices.length).toBeGreaterThanOrEqual(2);
  for (const { id } of offices) {
    const root = await call(roots.showRoot, { params: { organisationId: id } });
    expect(root).toMatchObject({ version: 1, holder: "present" });
  }
});
