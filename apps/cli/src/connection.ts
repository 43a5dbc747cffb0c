// The server as this program talks to it: the client of the contract, with what the network does put into words.

import { randomUUID } from "node:crypto";

import { clientFor, type Call } from "@lockstep/api";
import { z } from "zod";

import { exitCodes } from "./exit-codes.ts";
import { Failure } from "./failure.ts";

export interface Connection {
  readonly server: string;
  readonly call: Call;
}

/** Replies as they were sent, which may hold more than this version's contract knows. */
const sent = new WeakMap<object, unknown>();

/** A reply as the server sent it; anything else as it is. */
export function asSent(reply: object): unknown {
  return sent.has(reply) ? sent.get(reply) : reply;
}

const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there: is the server running?",
  ENOTFOUND: "there is no machine of this name: is the address right?",
  EAI_AGAIN: "the name cannot be looked up: is this machine connected?",
  ECONNRESET: "the connection was cut; repeat the command",
  UND_ERR_SOCKET: "the connection was cut; repeat the command",
  UND_ERR_CONNECT_TIMEOUT: "nobody answers there: is a firewall in between?",
  DEPTH_ZERO_SELF_SIGNED_CERT:
    "its certificate is not trusted here: NODE_EXTRA_CA_CERTS names a file with its authority",
  SELF_SIGNED_CERT_IN_CHAIN:
    "its certificate is not trusted here: NODE_EXTRA_CA_CERTS names a file with its authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "its certificate is not trusted here: NODE_EXTRA_CA_CERTS names a file with its authority",
  CERT_HAS_EXPIRED: "its certificate has expired",
};

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return "unknown";
  return "code" in cause ? String(cause.code) : cause.message;
}

function unreachable(server: string, error: unknown): Failure {
  const code = codeOf(error);
  return new Failure(
    `the server at ${server} cannot be reached`,
    causes[code] ?? `is the address right? (${code})`,
    exitCodes.unreachable,
  );
}

function stranger(server: string): Failure {
  return new Failure(
    `what answers at ${server} is no Lockstep server`,
    "is the address right, with its port?",
    exitCodes.unreachable,
  );
}

/** Whether the connection broke while a request was on its way, so that nobody knows what became of it. */
function isCut(error: unknown): boolean {
  return ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"].includes(codeOf(error));
}

/** Sends once more what is safe to repeat. */
async function send(
  input: Parameters<typeof fetch>[0],
  init: RequestInit,
  isSafe: boolean,
): Promise<Response> {
  // A redirect would carry the token to an address that nobody chose.
  const request = { ...init, redirect: "manual" } as const;
  try {
    return await fetch(input, request);
  } catch (error) {
    if (isSafe && isCut(error)) return fetch(input, request);
    throw error;
  }
}

/** Calls the server. Whatever comes into being is asked for with an Idempotency-Key of its own. */
export function connect(server: string, token: string | null): Connection {
  const call: Call = async (endpoint, given = {}) => {
    let text = "{}";
    const isSafe = endpoint.method === "GET" || endpoint.creates === true;
    const listen: typeof fetch = async (input, init = {}) => {
      const response = await send(input, init, isSafe).catch((error: unknown) => {
        throw unreachable(server, error);
      });
      if (response.status === 204) return response;
      if (!/\bjson\b/.test(response.headers.get("content-type") ?? "")) throw stranger(server);
      text = await response.text();
      return new Response(text, response);
    };
    const client = clientFor(server, { fetch: listen, ...(token === null ? {} : { token }) });
    const key = endpoint.creates === true ? { idempotencyKey: randomUUID() } : {};
    try {
      const reply = await client(endpoint, { ...key, ...given });
      if (typeof reply === "object" && reply !== null) sent.set(reply, JSON.parse(text));
      return reply;
    } catch (error) {
      if (!(error instanceof z.ZodError || error instanceof SyntaxError)) throw error;
      throw new Failure(
        "the server's reply cannot be understood",
        "the server and this program are of different versions: use those of the same",
      );
    }
  };
  return { server, call };
}
