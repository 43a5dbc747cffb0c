// Whoever talks to a relay: makes the keys of a mailbox, signs requests with them, and sends also what is wrong.

import {
  createHash,
  generateKeyPairSync,
  randomBytes,
  sign as signatureOf,
  type KeyObject,
} from "node:crypto";
import { connect } from "node:net";
import { text } from "node:stream/consumers";

import { ProblemError, relay, relayAccount, relayMailbox, type RelayRequest } from "@lockstep/api";
import { z } from "zod";

import { secondsOf, systemClock } from "../clock.ts";

export interface MailboxKeys {
  /** The private halves. */
  readonly read: KeyObject;
  readonly write: KeyObject;
  readonly publicKeys: relay.MailboxKeys;
  readonly mailbox: string;
}

export async function makeMailboxKeys(): Promise<MailboxKeys> {
  const [read, write] = [generateKeyPairSync("ed25519"), generateKeyPairSync("ed25519")];
  const publicKeys = { readKey: rawOf(read.publicKey), writeKey: rawOf(write.publicKey) };
  const mailbox = await relay.mailboxOf(publicKeys);
  return { read: read.privateKey, write: write.privateKey, publicKeys, mailbox };
}

function rawOf(key: KeyObject): string {
  return key.export({ format: "jwk" }).x ?? "";
}

/** What is signed, and what of it a test may want to be wrong. */
export interface Signing {
  readonly key: KeyObject;
  readonly header?: object;
  readonly claims?: object;
  /** Of the request, beside the signature. */
  readonly headers?: Record<string, string>;
}

/** A request with everything that goes over the wire. */
export interface Signed extends RelayRequest {
  readonly headers: Record<string, string>;
}

const digestOf = (body: Uint8Array) => createHash("sha256").update(body).digest("base64url");
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The value of the header `Authorization`. */
function capabilityOf({ method, address, body = new Uint8Array() }: RelayRequest, signing: Signing): string {
  const header = { alg: "Ed25519", typ: "kf1-capability+jws", ...signing.header };
  const claims = {
    htm: method,
    htu: address,
    body: digestOf(body),
    iat: secondsOf(systemClock()),
    jti: randomBytes(16).toString("base64url"),
    ...signing.claims,
  };
  const signed = `${encoded(header)}.${encoded(claims)}`;
  return `Capability ${signed}.${signatureOf(null, Buffer.from(signed), signing.key).toString("base64url")}`;
}

export function sign(request: RelayRequest, signing: Signing): Signed {
  return { ...request, headers: { ...signing.headers, authorization: capabilityOf(request, signing) } };
}

const problem = z.object({ title: z.string(), status: z.int(), code: z.string() });

/** @throws ProblemError when the relay refuses. */
export async function send({ method, address, headers, body }: Signed): Promise<void> {
  const response = await fetchAnew(address, { method, headers, body: body ?? null });
  if (!response.ok) throw new ProblemError(problem.parse(await response.json()));
  await response.arrayBuffer();
}

/** On a connection of its own: a kept one would be to a relay that has ended meanwhile. */
const fetchAnew: typeof fetch = (address, init) => {
  const headers = new Headers(init?.headers);
  headers.set("connection", "close");
  return fetch(address, { ...init, headers });
};

/** Several requests in one piece on one connection. @returns their replies, in the same order. */
export async function sendTogether(requests: readonly Signed[]): Promise<unknown[]> {
  const texts = requests.map(({ method, address, headers, body = new Uint8Array() }, index) => {
    const { host, pathname, search } = new URL(address);
    const connection = index === requests.length - 1 ? "close" : "keep-alive";
    const lines = Object.entries({ host, connection, "content-length": body.length, ...headers });
    const head = [
      `${method} ${pathname}${search} HTTP/1.1`,
      ...lines.map(([name, value]) => `${name}: ${value}`),
    ];
    return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]);
  });
  const { hostname, port } = new URL(requests[0]?.address ?? "");
  const socket = connect(Number(port), hostname);
  socket.write(Buffer.concat(texts));
  const replies = (await text(socket)).split(/HTTP\/1\.1 (?=\d{3} )/).slice(1);
  return replies.map((reply) => JSON.parse(reply.slice(reply.indexOf("\r\n\r\n"))) as unknown);
}

/** An account, as a server has one. */
export function accountOn(origin: string, token: string) {
  return relayAccount({ origin, token, fetch: fetchAnew });
}

/** Whoever holds both keys of a mailbox. */
export function mailboxOn(origin: string, { mailbox, read, write }: MailboxKeys, clock = systemClock) {
  const as = (key: KeyObject) => {
    const authorise = (request: RelayRequest) =>
      capabilityOf(request, { key, claims: { iat: secondsOf(clock()) } });
    return relayMailbox({ origin, mailbox, authorise, fetch: fetchAnew });
  };
  const { put, withdraw } = as(write);
  return { put, withdraw, fetch: as(read).fetch, state: (key = write) => as(key).state() };
}

/** What a fetched parcel holds. */
export function textOf({ body }: { body: Uint8Array }): string {
  return Buffer.from(body).toString("utf8");
}
