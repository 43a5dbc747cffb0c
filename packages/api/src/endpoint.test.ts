import { expect, test } from "vitest";

import { refusalsOf, replyStatusOf } from "./endpoint.ts";
import { endpoints, refusalCodes, type Endpoint } from "./index.ts";

const all = Object.entries<Endpoint>(endpoints);
const names = (where: (endpoint: Endpoint) => boolean) =>
  all.filter(([, endpoint]) => where(endpoint)).map(([name]) => name);
const refusing = (code: (typeof refusalCodes)[number]) =>
  names((endpoint) => refusalsOf(endpoint).includes(code));

test("what an endpoint can refuse is its own refusals and those that follow from what it is", () => {
  expect(refusalsOf(endpoints.showSetUp)).toEqual([
    "malformed_request",
    "origin_refused",
    "internal_error",
    "storage_full",
    "database_unavailable",
  ]);
  expect(refusalsOf(endpoints.createAuthority)).toEqual([
    "name_taken",
    "root_key_missing",
    "root_key_wrong",
    "sign_in_required",
    "second_factor_required",
    "permission_denied",
    "token_only_reads",
    "malformed_json",
    "body_too_large",
    "media_type_unsupported",
    "idempotency_key_reused",
    "malformed_request",
    "origin_refused",
    "internal_error",
    "storage_full",
    "database_unavailable",
  ]);
});

test("whoever need not sign in is not asked to, and only a permission, or what a guard protects, can be denied", () => {
  expect(refusing("sign_in_required")).toEqual(names(({ needs }) => needs !== "nothing"));
  expect(refusing("permission_denied")).toEqual(
    names(({ needs, refuses }) =>
      needs === "sign-in" ? refuses.includes("permission_denied") : needs !== "nothing",
    ),
  );
});

test("only what is edited is refused for its revision, and only what is created for its key", () => {
  const edited = names(({ needsMatch }) => needsMatch === true);
  expect(refusing("revision_required")).toEqual(edited);
  expect(refusing("revision_changed")).toEqual(edited);
  expect(refusing("idempotency_key_reused")).toEqual(names(({ creates }) => creates === true));
});

test("what has no body is not refused for it", () => {
  expect(refusing("malformed_json")).not.toContain("rotateKey");
  expect(refusing("malformed_json")).toContain("renameKey");
});

test("every refusal is given by an endpoint, but for what asks for none", () => {
  const given = new Set(all.flatMap(([, endpoint]) => refusalsOf(endpoint)));
  expect(refusalCodes.filter((code) => !given.has(code))).toEqual(["endpoint_not_found"]);
});

test("what is created is replied with 201, and nothing with 204", () => {
  expect(replyStatusOf(endpoints.createTeam)).toBe(201);
  expect(replyStatusOf(endpoints.deleteTeam)).toBe(204);
  expect(replyStatusOf(endpoints.renameTeam)).toBe(200);
});
