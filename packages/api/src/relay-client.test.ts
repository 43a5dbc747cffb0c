// What goes over the wire to a relay, and what is made of what comes back. A relay itself is in apps/relay, whose tests
// use this client.

import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { relay, relayAccount, relayMailbox, type RelayRequest } from "./index.ts";

const mailbox = "ab".repeat(32);
const keys = { readKey: "A".repeat(43), writeKey: `${"B".repeat(42)}A` };
const posted = { seq: 1, replaced: [] };

let arrived: { method?: string; url?: string; headers: IncomingMessage["headers"]; body: Buffer }[] = [];
/** What the next requests are answered with. */
let answer: { status: number; reply: unknown; location?: string } = { status: 200, reply: {} };

const server = createServer((request, response) => {
  void buffer(request).then((body) => {
    const { method = "", url = "", headers } = request;
    arrived.push({ method, url, headers, body });
    if (answer.location !== undefined) response.setHeader("location", answer.location);
    response.writeHead(answer.status);
    response.end(typeof answer.reply === "string" ? answer.reply : JSON.stringify(answer.reply));
  });
});
let origin = "";
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  arrived = [];
});

/** A mailbox whose requests are authorised by their number, and which requests that were. */
function signedMailbox() {
  const authorised: RelayRequest[] = [];
  const authorise = (request: RelayRequest) => `Capability ${authorised.push(request)}`;
  return { authorised, ...relayMailbox({ origin, mailbox, authorise }) };
}

test("what is authorised is the very request that is sent: its method, its whole address, its bytes", async () => {
  const { authorised, put, fetch, withdraw } = signedMailbox();
  answer = { status: 200, reply: posted };
  await put(7, Buffer.from([0, 255, 1]));
  answer = { status: 200, reply: { parcels: [], more: false } };
  await fetch();
  await fetch({ after: 5, wait: 50 });
  answer = { status: 200, reply: { fetched: true } };
  await withdraw(5);
  const paths = [
    `/m/${mailbox}/7`,
    `/m/${mailbox}`,
    `/m/${mailbox}?after=5&wait=50`,
    `/m/${mailbox}/withdraw`,
  ];
  expect(arrived.map(({ url }) => url)).toEqual(paths);
  for (const [index, { method, url = "", headers, body }] of arrived.entries()) {
    const { body: signed = new Uint8Array(), ...request } = authorised[index] ?? {};
    expect(request).toEqual({ method, address: origin + url });
    expect(Buffer.from(signed)).toEqual(body);
    expect(headers.authorization).toBe(`Capability ${index + 1}`);
  }
  const types = arrived.map(({ headers }) => headers["content-type"]);
  expect(types).toEqual(["application/octet-stream", undefined, undefined, "application/json"]);
});

test("what is fetched comes as the bytes that were put, however many there are", async () => {
  const { fetch } = signedMailbox();
  for (const length of [1, 2, 3, 256]) {
    const bytes = Uint8Array.from({ length }, (_, index) => 255 - index);
    const body = Buffer.from(bytes).toString("base64url");
    answer = { status: 200, reply: { parcels: [{ seq: 9, slot: 0, body }], more: true } };
    expect(await fetch()).toEqual({ parcels: [{ seq: 9, slot: 0, body: bytes }], more: true });
  }
});

test("an account shows its token, says what it hears, and asks for its news", async () => {
  const account = relayAccount({ origin, token: "the token" });
  answer = { status: 200, reply: { mailbox } };
  expect(await account.open(keys, "fetches")).toEqual({ mailbox });
  answer = { status: 200, reply: { news: [{ mailbox, news: 3 }], more: false } };
  expect(await account.news({ after: 2, wait: 10 })).toEqual({ news: [{ mailbox, news: 3 }], more: false });
  answer = { status: 200, reply: { mailboxes: [mailbox], more: false } };
  expect((await account.list()).mailboxes).toEqual([mailbox]);
  const asked = [{ mailbox, after: 7 }];
  answer = { status: 200, reply: { queues: [{ mailbox, parcels: [{ seq: 8, body: "_w" }] }], more: true } };
  expect(await account.readQueues(asked)).toEqual(answer.reply);
  answer = { status: 204, reply: "" };
  await account.close(mailbox);
  const requests = arrived.map(({ method, url }) => `${method ?? ""} ${url ?? ""}`);
  expect(requests).toEqual([
    "POST /m",
    "GET /news?after=2&wait=10",
    "GET /m",
    "POST /queues",
    `DELETE /m/${mailbox}`,
  ]);
  expect(JSON.parse(arrived[0]?.body.toString() ?? "")).toEqual({ ...keys, hears: "fetches" });
  expect(JSON.parse(arrived[3]?.body.toString() ?? "")).toEqual({ queues: asked });
  for (const { headers } of arrived) expect(headers.authorization).toBe("Bearer the token");
});

test("what the relay refuses is thrown with its code, its status and its sentence", async () => {
  const { title, status } = relay.refusals.mailbox_full;
  answer = { status, reply: { title, status, code: "mailbox_full", instance: "1" } };
  const refused = { name: "ProblemError", message: title, status, code: "mailbox_full" };
  await expect(signedMailbox().put(0, new Uint8Array(1))).rejects.toMatchObject(refused);
});

test("what is no answer of a relay is not taken for one", async () => {
  const { put, fetch } = signedMailbox();
  answer = { status: 502, reply: "<h1>Bad gateway</h1>" };
  await expect(fetch()).rejects.toThrow(SyntaxError);
  answer = { status: 200, reply: { seq: "1" } };
  await expect(put(1, new Uint8Array(1))).rejects.toMatchObject({ name: "ZodError" });
  const parcels = [{ seq: 1, slot: 1, body: "not base64url" }];
  answer = { status: 200, reply: { parcels, more: false } };
  await expect(fetch()).rejects.toMatchObject({ name: "ZodError" });
});

test("nobody is sent to another address with a token", async () => {
  answer = { status: 307, reply: "", location: `${origin}/elsewhere` };
  await expect(relayAccount({ origin, token: "the token" }).news()).rejects.toThrow(TypeError);
  expect(arrived).toHaveLength(1);
});

test("whoever waits may leave", async () => {
  const leaving = new AbortController();
  leaving.abort();
  await expect(signedMailbox().fetch({ wait: 50 }, leaving.signal)).rejects.toMatchObject({
    name: "AbortError",
  });
  await expect(
    relayAccount({ origin, token: "the token" }).news({ wait: 50 }, leaving.signal),
  ).rejects.toMatchObject({ name: "AbortError" });
});
