// Bad input to every endpoint, from the endpoint's own data: a clear problem with a code, and the database unchanged.

import { endpoints, organisations } from "@lockstep/api";
import { afterAll, beforeAll, expect, test } from "vitest";

import { exampleName } from "../example.ts";
import { digestOf, useExampleApp, type Sending } from "./testing/app.ts";
import { pathOf, placeOf, specimens, type EndpointName, type Place } from "./testing/specimens.ts";

const example = useExampleApp();
const names = Object.keys(endpoints) as EndpointName[];
const nowhere = "018f0000-0000-7000-8000-000000000000";
let place: Place;
let before: unknown;

beforeAll(async () => {
  const mia = await example.callAs("mia");
  const all = (await mia(organisations.listOrganisations)).organisations;
  const organisationId = all.find(({ name }) => name === exampleName)?.id ?? "";
  // The example has no server that it reads people from.
  const its = { organisationId } as Place;
  const { status } = await send("createDirectory", { body: specimens.createDirectory(its).body }, its);
  expect(status).toBe(201);
  place = await placeOf(mia, organisationId);
  before = await digestOf(example.database);
});

// Of all the calls of this file none may have left a trace.
afterAll(async () => {
  expect(await digestOf(example.database)).toEqual(before);
});

async function send(name: EndpointName, sending: Sending, at: Place = place) {
  const path = pathOf(name, specimens[name](at));
  const token = await example.tokenOf("mia");
  const headers = { "if-match": '"1"', ...sending.headers };
  return example.send(endpoints[name].method, path, { token, ...sending, headers });
}

const withBody = names.filter((name) => specimens[name]({} as Place).body !== undefined);

test.each(withBody)("%s takes JSON only, whole, of its own form and size", async (name) => {
  const valid = specimens[name](place).body as Record<string, unknown>;
  const limit = endpoints[name].bodyLimitBytes ?? 256 * 1024;
  const wrong: [Sending, number, string][] = [
    [{ text: "{" }, 400, "malformed_json"],
    [{ text: "" }, 400, "malformed_json"],
    [{ text: "[]" }, 400, "malformed_request"],
    [{ text: "null" }, 400, "malformed_request"],
    [{ body: { ...valid, surplus: 1 } }, 400, "malformed_request"],
    [
      { text: "a=b", headers: { "content-type": "application/x-www-form-urlencoded" } },
      415,
      "media_type_unsupported",
    ],
    [{ text: "{}", headers: { "content-length": String(limit + 1) } }, 413, "body_too_large"],
  ];
  for (const [sending, status, code] of wrong) {
    const { status: got, type, body } = await send(name, sending);
    expect({ status: got, code: body.code }, JSON.stringify(sending)).toEqual({ status, code });
    expect(type).toContain("application/problem+json");
  }
});

test.each(withBody)("%s takes no value of another type", async (name) => {
  const valid = specimens[name](place).body as Record<string, unknown>;
  for (const field of Object.keys(valid)) {
    const { status, body } = await send(name, { body: { ...valid, [field]: { not: "this" } } });
    expect({ status, code: body.code }, field).toEqual({
      status: 400,
      code: field === "policy" ? "policy_invalid" : "malformed_request",
    });
  }
});

const matching = names.filter((name) => endpoints[name].needsMatch === true);

test.each(matching)("%s wants to know which revision was edited, and refuses a stale one", async (name) => {
  const { body } = specimens[name](place);
  const sending = body === undefined ? {} : { body };
  const path = pathOf(name, specimens[name](place));
  const token = await example.tokenOf("mia");
  expect(await example.send(endpoints[name].method, path, { ...sending, token })).toMatchObject({
    status: 428,
    body: { code: "revision_required" },
  });
  for (const stale of ['"999999"', "*", 'W/"1"', '"1", "2"', "1"]) {
    const reply = await send(name, { ...sending, headers: { "if-match": stale } });
    expect(reply, stale).toMatchObject({ status: 412, body: { code: "revision_changed" } });
  }
});

/** Ids in parameters, each as one that is none, and as one that names nothing. */
const ofThings = names.flatMap((name) => {
  const params = [...endpoints[name].path.matchAll(/:(\w+Id)/g)].map(([, param = ""]) => param);
  return params.map((param) => ({ name, param }));
});

test.each(ofThings)(
  "$name takes for $param neither what is no id nor what names nothing",
  async ({ name, param }) => {
    const specimen = specimens[name](place);
    const ask = async (id: string) => {
      const changed = { ...specimen, params: { ...specimen.params, [param]: id } };
      const token = await example.tokenOf("mia");
      const sending = {
        token,
        headers: { "if-match": '"1"' },
        ...(specimen.body === undefined ? {} : { body: specimen.body }),
      };
      return example.send(endpoints[name].method, pathOf(name, changed), sending);
    };
    for (const id of ["1", nowhere.toUpperCase(), "%00", "' or true --"]) {
      const { status, body } = await ask(encodeURIComponent(id));
      expect({ status, code: body.code }, id).toEqual({ status: 400, code: "malformed_request" });
    }
    const { status, body } = await ask(nowhere);
    // The tests' server has no relay, and says so before it looks for anybody.
    if (!(name === "issueActivationCode" && body.code === "relay_missing")) {
      expect(status, body.code).toBe(404);
    }
    expect(endpoints[name].refuses).toContain(body.code);
  },
);
