// What the relay says to requests that are not of its form.

import { relay, relayRequest } from "@lockstep/api";
import { expect, test } from "vitest";

import { send, sign } from "../testing/client.ts";
import { outcomeOf, useRelay } from "../testing/relay.ts";

const served = useRelay();

async function ask(path: string, init: RequestInit = {}): Promise<{ status: number; code: unknown }> {
  const response = await fetch(served.origin + path, init);
  const { code } = (await response.json()) as { code?: unknown };
  expect(response.headers.get("content-type")).toContain("application/problem+json");
  return { status: response.status, code };
}

test("there is nothing but the endpoints", async () => {
  for (const path of ["/", "/health", `/m/${"0".repeat(64)}/state/`, `/M/${"0".repeat(64)}`])
    expect(await ask(path)).toEqual({ status: 404, code: "endpoint_not_found" });
  expect(await ask("/m", { method: "PATCH" })).toEqual({ status: 404, code: "endpoint_not_found" });
  expect(await ask("/m/%E0%A4%A")).toEqual({ status: 400, code: "malformed_request" });
});

test("asking for the head alone marks nothing as fetched", async () => {
  const { keys, put, state } = await served.open();
  await put(1, Buffer.from("x"));
  const address = `${served.origin}/m/${keys.mailbox}`;
  const { headers } = sign({ method: "HEAD", address }, { key: keys.read });
  expect((await fetch(address, { method: "HEAD", headers })).status).toBe(404);
  expect((await state()).parcels).toMatchObject([{ fetched: false }]);
});

test("no page of another site is let in", async () => {
  const headers = { origin: "https://elsewhere.example", "access-control-request-method": "PUT" };
  const response = await fetch(`${served.origin}/m/${"0".repeat(64)}/1`, { method: "OPTIONS", headers });
  expect(response.status).toBe(404);
  expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
});

test("a body is sent as its endpoint takes it", async () => {
  const { keys, put } = await served.open();
  const { seq } = await put(1, Buffer.from("x"));
  const mailbox = keys.mailbox;
  const request = relayRequest(served.origin, relay.withdrawParcel, { params: { mailbox }, body: { seq } });
  for (const type of ["application/octet-stream", "text/plain", undefined]) {
    const { headers, ...signed } = sign(request, { key: keys.write });
    const sent = {
      ...signed,
      headers: { ...headers, ...(type === undefined ? {} : { "content-type": type }) },
    };
    expect(await outcomeOf(send(sent))).toBe("media_type_unsupported");
  }
  const json = { "content-type": "application/json; charset=utf-8" };
  for (const text of ["{", "", '"x"', `{"seq":"${seq}"}`, `{"seq":${seq},"more":1}`]) {
    const signed = sign({ ...request, body: Buffer.from(text) }, { key: keys.write });
    expect(await outcomeOf(send({ ...signed, headers: { ...signed.headers, ...json } }))).toBe(
      "malformed_request",
    );
  }
  const signed = sign(request, { key: keys.write });
  expect(await outcomeOf(send({ ...signed, headers: { ...signed.headers, ...json } }))).toBe("done");
});

test("what takes no body is refused with one, and queries are of their form", async () => {
  const { keys } = await served.open();
  const token = served.accounts[0]?.token ?? "";
  const request = {
    method: "DELETE",
    address: `${served.origin}/m/${keys.mailbox}`,
    body: Buffer.from("{}"),
  };
  expect(await outcomeOf(send({ ...request, headers: { authorization: `Bearer ${token}` } }))).toBe(
    "malformed_request",
  );
  for (const query of ["after=x", "after=-1", "wait=51", "wait=01", "after=1&after=2", "limit=1"]) {
    const address = `${served.origin}/m/${keys.mailbox}?${query}`;
    const signed = sign({ method: "GET", address }, { key: keys.read });
    expect(await outcomeOf(send(signed))).toBe("malformed_request");
  }
});

test("a mistake of ours tells the caller an id, and the log what it was", async () => {
  const { put, keys } = await served.open();
  const { clock } = served;
  served.clock = () => Number.NaN;
  const refused = await put(1, Buffer.from("x")).catch((error: unknown) => error);
  served.clock = clock;
  expect(refused).toMatchObject({ code: "internal_error", detail: undefined });
  expect(JSON.parse(served.log)).toMatchObject({ level: 50, requestId: expect.any(String) as string });
  expect(served.log).not.toContain(keys.mailbox);
  expect(served.log).not.toContain("127.0.0.1");
  served.log = "";
});
