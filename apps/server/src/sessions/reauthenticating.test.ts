import { deletions, secondFactors, sessions, type Call } from "@lockstep/api";
import { beforeEach, expect, test } from "vitest";

import { addPerson, tokenFor } from "../accounts/testing.ts";
import { addOwner } from "../deletions/testing.ts";
import { examplePassword } from "../example-people.ts";
import { exampleNow, useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation } from "../http/testing/organisation.ts";
import { mostTries } from "./attempts/store.ts";

const example = useExampleApp();

beforeEach(() => {
  example.now = exampleNow;
});

const ask = (call: Call, password: string | null) => call(deletions.requestDeletion, { body: { password } });
const refused = (code: string) => ({ code });

test("in a stolen session nobody guesses the password: after ten wrong ones it is refused wherever it is asked for", async () => {
  const own = await makeOwnOrganisation(example);
  const { organisationId } = own.params;
  const owner = await addOwner(example, organisationId);
  for (let nth = 0; nth < mostTries; nth++)
    await expect(ask(owner.call, `wrong ${nth}`)).rejects.toMatchObject(refused("sign_in_failed"));
  const locked = refused("sign_in_locked");
  const password = examplePassword;
  await expect(ask(owner.call, password)).rejects.toMatchObject(locked);
  const start = owner.call(secondFactors.startSecondFactor, { body: { password } });
  await expect(start).rejects.toMatchObject(locked);
  const change = { body: { current: password, password: "a few words in a row" } };
  await expect(owner.call(sessions.changePassword, change)).rejects.toMatchObject(locked);
  // Whoever it was stolen from goes on in another one.
  const token = await tokenFor(example, { organisationId, userId: owner.userId });
  const elsewhere = await example.send("PUT", "/account/deletion-request", { token, body: { password } });
  expect(elsewhere.status).toBe(200);
});

test("the right password forgets the wrong ones of the session, and none at all is no try", async () => {
  const own = await makeOwnOrganisation(example);
  const { call } = await addOwner(example, own.params.organisationId);
  const wrong = async (password: string | null) => {
    await expect(ask(call, password)).rejects.toMatchObject(refused("sign_in_failed"));
  };
  for (let round = 0; round < 2; round++) {
    for (let nth = 0; nth < mostTries - 1; nth++) await wrong("wrong");
    await wrong(null);
    await ask(call, examplePassword);
  }
});

test("a program of somebody without a password cannot show once more who it is", async () => {
  const own = await makeOwnOrganisation(example);
  const { organisationId } = own.params;
  const person = await addPerson(example, organisationId);
  const token = await tokenFor(example, { organisationId, userId: person.userId });
  const sent = await example.send("PUT", "/account/deletion-request", { token, body: { password: null } });
  expect(sent.body.code).toBe("fresh_sign_in_required");
});
