// Every refusal of the server in the form in which a command line says no.

import { ProblemError, refusalCodes, refusals } from "@lockstep/api";
import { expect, test } from "vitest";

import { refused } from "./refusals.ts";

const problemOf = (code: keyof typeof refusals, detail?: string) =>
  new ProblemError({ ...refusals[code], code, ...(detail === undefined ? {} : { detail }) });

test.each(refusalCodes)("%s is said in lower case, without a full stop, with a hint", (code) => {
  const { message, hint } = refused(problemOf(code));
  for (const line of [message, hint]) {
    expect(line).toMatch(/^[^A-Z]/);
    expect(line).not.toMatch(/\.$|\n|^$/);
  }
});

test("somebody else's change is told from a wrong one", () => {
  const { message, hint } = refused(problemOf("revision_changed"));
  expect(message).toMatch(/^somebody changed it meanwhile/);
  expect(hint).toBe("nothing was changed; look at it again, then repeat the command");
});

test("the particulars of a refusal are not lost", () => {
  expect(refused(problemOf("malformed_request", "body.name: expected one line.")).message).toBe(
    "the request is not of the form that this endpoint takes (body.name: expected one line)",
  );
});

test("scripts can tell a refusal from a missing permission and from a database that is away", () => {
  const codes = ["name_taken", "sign_in_required", "permission_denied", "database_unavailable"] as const;
  expect(codes.map((code) => refused(problemOf(code)).exitCode)).toEqual([1, 3, 3, 4]);
});

test("a refusal of a newer server is repeated in the server's words", () => {
  const problem = new ProblemError({ title: "The moon is full. Wait.", status: 409, code: "moon_full" });
  expect(refused(problem)).toMatchObject({ message: "the moon is full", hint: "wait" });
});
