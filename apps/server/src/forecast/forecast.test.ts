import { accounts, forecast, licences } from "@lockstep/api";
import { expect, test } from "vitest";
import { v7 as uuid } from "uuid";

import { addPerson, writingTo } from "../accounts/testing.ts";
import { insertActivationCode, type ActivationCodeId } from "../activations/store.ts";
import { changeFacts } from "../facts/change.ts";
import { exampleNow, useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation } from "../http/testing/organisation.ts";

const example = useExampleApp();
const after = (days: number) => new Date(exampleNow.getTime() + days * 86_400_000);

test("the forecast says what happens by itself on which day, soonest first: accounts, blocks, licences and codes", async () => {
  const { call, params } = await makeOwnOrganisation(example);
  const { organisationId } = params;
  const [idle, blocked, licensed] = await Promise.all(
    [1, 2, 3].map(() => addPerson(example, organisationId)),
  );
  if (idle === undefined || blocked === undefined || licensed === undefined)
    throw new Error("three were added");
  await call(accounts.blockAccount, {
    params: { ...params, userId: blocked.userId },
    body: { reason: "On leave", until: after(20).toISOString() },
  });
  const { id: licenceId } = await call(licences.addLicence, {
    params,
    body: {
      ...{ productId: "LS-1", edition: "Pro", term: "trial", seats: 5 },
      ...{ validFrom: "2026-01-01", validUntil: "2026-03-10" },
    },
  });
  await call(licences.assignLicence, {
    params: { ...params, licenceId },
    body: { userIds: [licensed.userId] },
  });
  await changeFacts(writingTo(example), organisationId, (change) =>
    insertActivationCode(change, {
      ...{ id: uuid() as ActivationCodeId, userId: licensed.userId },
      expiresAt: after(5),
    }),
  );
  const show = (query: { days: string; kind?: "block-ends" }) =>
    call(forecast.showForecast, { params, query });
  const near = (await show({ days: "30" })).expected;
  expect(near.map(({ kind, on, user, licence }) => [kind, on, user?.id ?? licence?.users])).toEqual([
    ["activation-code-expires", after(5).toISOString(), licensed.userId],
    ["licence-expires", "2026-03-11T00:00:00.000Z", 1],
    ["block-ends", after(20).toISOString(), blocked.userId],
  ]);
  const far = (await show({ days: "90" })).expected.filter(({ kind }) => kind === "account-disabled");
  expect(far.map(({ on }) => on)).toEqual([90, 90, 90].map((days) => after(days).toISOString()));
  expect((await show({ days: "30", kind: "block-ends" })).expected).toHaveLength(1);
});
