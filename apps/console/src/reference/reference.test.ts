import { readFileSync } from "node:fs";

import { endpoints, refusals, refusalsOf, type Endpoint } from "@lockstep/api";
import { expect, test } from "vitest";

import { curlOf } from "./curl.ts";
import { referenceOf, type Operation } from "./document.ts";
import { findOperations } from "./find.ts";
import { boundsOf, exampleOf, fieldsOf, typeOf } from "./schema.ts";

const committed = new URL("../../../../packages/api/openapi.json", import.meta.url);
const reference = referenceOf(JSON.parse(readFileSync(committed, "utf8")));
const operations = reference.nouns.flatMap((noun) => noun.operations);

function operationOf(id: keyof typeof endpoints): Operation {
  const found = operations.find((each) => each.id === id);
  if (found === undefined) throw new Error(`the reference has no ${id}`);
  return found;
}
const curl = (id: keyof typeof endpoints) =>
  curlOf(operationOf(id), reference.shapes, "https://keys.example");

test("every endpoint is in the reference once, with each of its refusals", () => {
  expect(operations.map(({ id }) => id).sort()).toEqual(Object.keys(endpoints).sort());
  for (const [id, endpoint] of Object.entries<Endpoint>(endpoints)) {
    const shown = [...operationOf(id as keyof typeof endpoints).refusals, ...reference.everywhere];
    expect(shown.map(({ code }) => code).sort(), id).toEqual([...refusalsOf(endpoint)].sort());
  }
});

test("a refusal is shown with its status and its sentence", () => {
  expect(operationOf("showTeam").refusals).toContainEqual({
    status: "404",
    code: "team_not_found",
    sentence: refusals.team_not_found.title,
  });
});

test("what every call can meet is shown once", () => {
  expect(reference.everywhere.map(({ code }) => code)).toContain("internal_error");
  expect(operationOf("signIn").refusals.map(({ code }) => code)).not.toContain("internal_error");
});

test.each([
  [{ type: "string", format: "uuid" }, ["UUID"]],
  [{ anyOf: [{ type: "string", format: "uuid" }, { type: "null" }] }, ["UUID", " or ", "null"]],
  [{ type: ["string", "null"] }, ["string or null"]],
  [{ type: "array", items: { $ref: "#/components/schemas/Team" } }, ["array of ", { shape: "Team" }]],
  [{ type: "array", items: { type: "string", format: "uuid" } }, ["array of ", "UUIDs"]],
  [{ type: "string", enum: ["warn", "lock"] }, ["one of these"]],
  [{ type: "string", const: "team-policy" }, ['"team-policy"']],
])("the type of %j is said as %j", (schema, words) => {
  expect(typeOf(schema)).toEqual(words);
});

test.each([
  [{ type: "integer", minimum: 5, maximum: 1440 }, ["5 to 1,440"]],
  [{ type: "integer", minimum: 1 }, ["1 or more"]],
  [{ type: "string", minLength: 12, maxLength: 1000 }, ["12 to 1,000 characters"]],
  [{ type: "array", maxItems: 100, default: [] }, ["up to 100 entries", "[] if left out"]],
])("the bounds of %j are said as %j", (schema, words) => {
  expect(boundsOf(schema)).toEqual(words);
});

test("the fields of a policy are its settings, with their bounds", () => {
  const { Policy = {} } = reference.shapes;
  const interval = fieldsOf(Policy).find(({ name }) => name === "sync.interval");
  expect(interval).toMatchObject({ isRequired: false, schema: { minimum: 5, maximum: 1440 } });
});

test("an example has what is required, and of what is all optional one field", () => {
  const exampleOfBody = (id: keyof typeof endpoints) =>
    exampleOf(operationOf(id).body?.schema ?? {}, reference.shapes);
  expect(exampleOfBody("addUser")).toEqual({ name: "<name>", username: "<username>" });
  expect(exampleOfBody("setTeamPolicy")).toEqual({ policy: { "removable-media.mode": "allow" } });
  expect(exampleOfBody("moveUsers")).toEqual({ userIds: ["<userId>"], teamId: "<teamId>" });
  expect(exampleOfBody("previewImpact")).toMatchObject({ kind: "team-policy", teamId: "<teamId>" });
});

test("a call can be copied into a shell, with the token and the headers that it needs", () => {
  expect(curl("renameTeam").split("\n")).toEqual([
    'curl -X PATCH "https://keys.example/api/v1/organisations/$organisationId/teams/$teamId" \\',
    '  -H "Authorization: Bearer $LOCKSTEP_TOKEN" \\',
    `  -H 'If-Match: "3"' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '{"name":"<name>"}'`,
  ]);
  expect(curl("createTeam")).toContain('-H "Idempotency-Key: $(uuidgen)"');
  expect(curl("signIn")).not.toContain("Authorization");
  // What is edited next needs its ETag, which is a header of the reply.
  expect(curl("showUser")).toMatch(/-i$/);
});

test("operations are found by their paths, fields, roles and codes, and by several words at once", () => {
  const found = (typed: string) =>
    findOperations(reference, typed).flatMap((noun) => noun.operations.map(({ id }) => id));
  expect(found("")).toHaveLength(operations.length);
  expect(found("licence_suspended")).toEqual(["assignLicence", "replaceLicence"]);
  expect(found("PATCH userId")).toEqual(["editUser"]);
  expect(found("isDryRun")).toContain("startImport");
  expect(found("no such thing anywhere")).toEqual([]);
});
