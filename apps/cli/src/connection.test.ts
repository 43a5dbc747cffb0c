// What the network can do to a call, and what is said then.

import type { ServerResponse } from "node:http";

import { organisations, settings } from "@lockstep/api";
import { parseId } from "@lockstep/core";
import { afterEach, expect, test } from "vitest";

import { asSent, connect } from "./connection.ts";
import { exitCodes } from "./exit-codes.ts";
import { listen, type Listener } from "./testing/listener.ts";

const params = { authorityId: parseId<"authority">("00000000-0000-7000-8000-000000000001") };
const open: Listener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.stop()));
});

async function listening(answer: Parameters<typeof listen>[0]): Promise<Listener> {
  const listener = await listen(answer);
  open.push(listener);
  return listener;
}

function sendJson(response: ServerResponse, reply: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(reply));
}

test("a redirect is not followed, so the token goes nowhere else", async () => {
  const other = await listening(undefined);
  const { origin } = await listening((_request, response) => {
    response.writeHead(307, { location: `${other.origin}/api/v1/settings` }).end();
  });
  await expect(connect(origin, "token").call(settings.listSettings)).rejects.toMatchObject({
    message: `what answers at ${origin} is no Lockstep server`,
    exitCode: exitCodes.unreachable,
  });
  expect(other.requests).toEqual([]);
});

test("a server that is away is told from one that refuses", async () => {
  const listener = await listen();
  const { origin } = listener;
  await listener.stop();
  await expect(connect(origin, null).call(settings.listSettings)).rejects.toMatchObject({
    message: `the server at ${origin} cannot be reached`,
    hint: "nothing listens there: is the server running?",
    exitCode: exitCodes.unreachable,
  });
});

test("a creating call that was cut is sent once more, with the same key, so that nothing is made twice", async () => {
  const { origin, requests } = await listening((request) => request.socket.destroy());
  const call = connect(origin, null).call(organisations.createOrganisation, {
    params,
    body: { name: "One" },
  });
  await expect(call).rejects.toMatchObject({ exitCode: exitCodes.unreachable });
  const keys = requests.map(({ headers }) => headers["idempotency-key"]);
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(keys[1]).toBe(keys[0]);
});

test("a change that was cut is not repeated: nobody knows whether it was made", async () => {
  const { origin, requests } = await listening((request) => request.socket.destroy());
  const call = connect(origin, null).call(organisations.renameOrganisation, {
    params: { organisationId: parseId<"organisation">(params.authorityId) },
    match: 1,
    body: { name: "One" },
  });
  await expect(call).rejects.toMatchObject({ hint: "the connection was cut; repeat the command" });
  expect(requests).toHaveLength(1);
});

test("what a newer server sends besides is not lost", async () => {
  const sent = { team: [], workstationTeam: [], client: [{ code: "later" }] };
  const { origin } = await listening((_request, response) => sendJson(response, sent));
  const reply = await connect(origin, null).call(settings.listSettings);
  expect(reply).toEqual({ team: [], workstationTeam: [] });
  expect(asSent(reply)).toEqual(sent);
});

test("a reply of another form says that the versions differ", async () => {
  const { origin } = await listening((_request, response) => sendJson(response, { settings: [] }));
  await expect(connect(origin, null).call(settings.listSettings)).rejects.toMatchObject({
    message: "the server's reply cannot be understood",
    exitCode: exitCodes.failed,
  });
});
