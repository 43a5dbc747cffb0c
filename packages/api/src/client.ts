// Calls an endpoint and parses what comes back: the console, the command line and the tests use the same one.

import { z } from "zod";

import type { Endpoint } from "./endpoint.ts";
import { refusalCodes, type RefusalCode } from "./refusals.ts";

const problem = z.object({
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
});

/** The server said no. `code` is for programs, `message` for people; an unknown code comes from a newer server. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string | undefined;

  constructor({ title, status, code, detail }: z.output<typeof problem>) {
    super(title);
    this.name = "ProblemError";
    this.status = status;
    this.code = code;
    this.detail = detail;
  }

  is(code: RefusalCode): boolean {
    return this.code === code;
  }

  isKnown(): boolean {
    return refusalCodes.some((code) => code === this.code);
  }
}

export interface Given<Params, Query, Body> {
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** The revision that was edited, where the endpoint asks for one. */
  readonly match?: number;
  /** Makes a creating call safe to repeat: the same key makes nothing twice. */
  readonly idempotencyKey?: string;
}

export type Call = <
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Reply extends z.ZodType,
>(
  endpoint: Endpoint<Params, Query, Body, Reply>,
  given?: Given<z.input<Params>, z.input<Query>, z.input<Body>>,
) => Promise<z.output<Reply>>;

/** The path with its parameters and query filled in. */
export function addressOf(path: string, params: object = {}, query: object = {}): string {
  const filled = Object.entries(params).reduce(
    (text, [name, value]) => text.replace(`:${name}`, encodeURIComponent(String(value))),
    path,
  );
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return `/api/v1${filled}${search === "" ? "" : `?${search}`}`;
}

export interface ClientOptions {
  /** An API token; a page sends its cookie by itself. */
  readonly token?: string;
  readonly fetch?: typeof fetch;
}

function headersOf(
  { body, match, idempotencyKey }: Given<unknown, unknown, unknown>,
  token?: string,
): HeadersInit {
  return {
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(match === undefined ? {} : { "if-match": `"${match}"` }),
    ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
}

/**
 * A client for the server at `base` (an origin, or "" for the page's own).
 * Its calls throw `ProblemError` when the server refuses, and whatever `fetch` throws when it cannot be reached.
 */
export function clientFor(base: string, { token, fetch: send = fetch }: ClientOptions = {}): Call {
  return async (endpoint, given = {}) => {
    const { params, query, body } = given;
    const response = await send(base + addressOf(endpoint.path, params ?? {}, query ?? {}), {
      method: endpoint.method,
      headers: headersOf(given, token),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return replyOf(response, endpoint.reply);
  };
}

/** What came back, parsed. @throws ProblemError when it is a refusal. */
export async function replyOf<Reply extends z.ZodType>(
  response: Response,
  shape: Reply,
): Promise<z.output<Reply>> {
  const reply: unknown = response.status === 204 ? {} : await response.json();
  if (!response.ok) throw new ProblemError(problem.parse(reply));
  return shape.parse(reply);
}
