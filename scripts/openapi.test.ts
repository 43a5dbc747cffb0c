import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";

import {
  endpoints,
  refusals,
  refusalsOf,
  type Endpoint,
  type RefusalCode,
} from "../packages/api/src/index.ts";
import { policySettings, workstationSettings, type Setting } from "../packages/core/src/index.ts";
import { whoMay } from "./openapi-permissions.ts";
import { textOf } from "./repository.ts";

/** An object of the document, or, where it is asked for no key, anything else. */
interface Json {
  readonly [key: string]: Json;
}
const text = textOf("packages/api/openapi.json");
const document = JSON.parse(text) as Json;
const at = (...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((part, key) => part?.[key], document);

const wordsOf = (part: unknown) => (typeof part === "string" ? part : "");

const pathOf = ({ path }: Endpoint) => path.replaceAll(/:(\w+)/g, "{$1}");
const operationOf = (endpoint: Endpoint) => at("paths", pathOf(endpoint), endpoint.method.toLowerCase());
const all = Object.entries<Endpoint>(endpoints);

/** Every part of the document that is an object, with where it is. */
function* partsOf(part: unknown, path = ""): Generator<[path: string, part: Record<string, unknown>]> {
  if (typeof part !== "object" || part === null) return;
  if (!Array.isArray(part)) yield [path, part as Record<string, unknown>];
  for (const [key, value] of Object.entries(part)) yield* partsOf(value, `${path}/${key}`);
}

test("the document is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  expect(await validator.validate(text)).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
});

test("every endpoint is an operation of the document, and nothing else is", () => {
  const operations = Object.entries(at("paths") ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => [method, path, operationId]),
  );
  const expected = all.map(([name, endpoint]) => [endpoint.method.toLowerCase(), pathOf(endpoint), name]);
  expect(operations.sort()).toEqual(expected.sort());
});

test("whatever is referred to is there, and whatever is there is referred to", () => {
  const references = new Set([...partsOf(document)].map(([, part]) => part["$ref"]).filter(Boolean));
  const sections = ["schemas", "responses", "parameters", "headers"];
  const components = sections.flatMap((section) =>
    Object.keys(at("components", section) ?? {}).map((name) => `#/components/${section}/${name}`),
  );
  expect([...references].sort()).toEqual(components.sort());
});

test("an operation names every refusal it can give, by its status", () => {
  for (const [name, endpoint] of all) {
    const responses = Object.entries(operationOf(endpoint)?.["responses"] ?? {});
    const named = responses.flatMap(([status, { $ref }]) =>
      wordsOf($ref)
        .replace("#/components/responses/", "")
        .split(".")
        .filter(Boolean)
        .map((code) => [code, Number(status)]),
    );
    const expected = refusalsOf(endpoint).map((code) => [code, refusals[code].status]);
    expect(named.sort(), name).toEqual(expected.sort());
  }
});

test("a refusal is a problem document with its status, its codes and their sentences", () => {
  for (const [name, response] of Object.entries(at("components", "responses") ?? {})) {
    const codes = name.split(".") as RefusalCode[];
    const [code] = codes;
    const status = code === undefined ? 0 : refusals[code].status;
    expect(response["content"]).toEqual({
      "application/problem+json": {
        schema: {
          allOf: [
            { $ref: "#/components/schemas/Problem" },
            {
              type: "object",
              properties: {
                status: { type: "integer", const: status },
                code: {
                  type: "string",
                  enum: codes,
                  "x-enum-descriptions": codes.map((each) => refusals[each].title),
                },
              },
              required: ["status", "code"],
            },
          ],
        },
      },
    });
  }
});

test("signing in, If-Match, Idempotency-Key and ETag are said where the contract asks for them", () => {
  for (const [name, endpoint] of all) {
    const operation = operationOf(endpoint);
    const parameters = JSON.stringify(operation?.["parameters"] ?? []);
    expect(parameters.includes("parameters/IfMatch"), name).toBe(endpoint.needsMatch === true);
    expect(parameters.includes("parameters/IdempotencyKey"), name).toBe(endpoint.creates === true);
    expect(JSON.stringify(operation?.["responses"]).includes("headers/ETag"), name).toBe(
      endpoint.revisionOf !== undefined,
    );
    expect(operation?.["security"], name).toEqual(
      endpoint.needs === "nothing" ? [] : [{ session: [] }, { token: [] }],
    );
    expect(operation?.["x-lockstep-needs"], name).toBe(endpoint.needs);
  }
});

test("ids are UUIDs, in paths, in bodies and in replies, but for those that others give", () => {
  const ids = [...partsOf(document)].filter(([path]) => /\/(id|(?!product|client)\w+Id)$/.test(path));
  expect(ids.length).toBeGreaterThan(40);
  for (const [path, schema] of ids) expect(JSON.stringify(schema), path).toContain('"format":"uuid"');
  const parameters = [...partsOf(document)].filter(([, { name }]) => /Id"$/.test(JSON.stringify(name)));
  expect(parameters.length).toBeGreaterThan(50);
  for (const [path, { schema }] of parameters)
    expect(schema, path).toEqual({ type: "string", format: "uuid" });
});

test("no shape says nothing, but for the particulars of an event and of a reason", () => {
  const open = [...partsOf(document)].filter(([, part]) => Object.keys(part).length === 0);
  expect(open.map(([path]) => path)).toEqual([
    "/components/schemas/Evidence/properties/detail/additionalProperties",
    "/components/schemas/TimelineEntry/properties/detail/additionalProperties",
  ]);
});

test.each([
  ["Policy", policySettings],
  ["WorkstationPolicy", workstationSettings],
] as const)("%s has every setting with its bounds or values and its description", (name, catalogue) => {
  const said = Object.entries<Setting>(catalogue).map(([code, setting]) => {
    const { description } = setting;
    if (setting.type === "choice") return [code, { type: "string", enum: setting.values, description }];
    if (setting.type === "truth") return [code, { type: "boolean", description }];
    const { least, most } = setting;
    return [code, { type: "integer", minimum: least, maximum: most, description }];
  });
  const schema = at("components", "schemas", name);
  expect(schema?.["properties"]).toEqual(Object.fromEntries(said));
  expect(schema?.["additionalProperties"]).toBe(false);
});

test("what a noun is, is said once", () => {
  const team = { $ref: "#/components/schemas/Team" };
  const replied = (endpoint: Endpoint, status: string) =>
    operationOf(endpoint)?.["responses"]?.[status]?.["content"]?.["application/json"]?.["schema"];
  expect(replied(endpoints.createTeam, "201")).toEqual(team);
  expect(replied(endpoints.setTeamPolicy, "200")).toEqual(team);
  expect(replied(endpoints.showTeam, "200")?.["properties"]?.["team"]).toEqual(team);
});

test("a parameter that is yes or no is one, and what holds if it is left out is said", () => {
  const parameters = operationOf(endpoints.listUsers)?.["parameters"] ?? {};
  const schemas = Object.values(parameters).map(({ name, schema }) => [wordsOf(name), schema]);
  expect(Object.fromEntries(schemas)).toMatchObject({
    subTeams: { type: "boolean", default: true },
    limit: { type: "integer", minimum: 1, maximum: 200, default: 50 },
  });
});

test("who may call is said in words", () => {
  expect(whoMay(endpoints.signIn)).toBe("Who may: everybody, without signing in.");
  expect(whoMay(endpoints.listSettings)).toBe("Who may: everybody who is signed in.");
  expect(whoMay(endpoints.removeUser)).toBe(
    "Who may: organisation managers in their organisation. Nobody may do it to themselves. The permission is `remove-people`.",
  );
  const readers =
    "Who may: system administrators everywhere; authority administrators in their authority; organisation managers and the helpdesk in their organisation";
  expect(whoMay(endpoints.showUser)).toBe(
    `${readers}; everybody about themselves. The permission is \`read-people\`.`,
  );
  // Nobody is a whole list of people.
  expect(whoMay(endpoints.listUsers)).toBe(`${readers}. The permission is \`read-people\`.`);
});
