// An endpoint of the contract with what answers it.

import type { Endpoint } from "@lockstep/api";
import type { z } from "zod";

export interface Asked<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

export interface Route {
  readonly endpoint: Endpoint;
  /** Takes what the endpoint's own shapes have parsed. The reply is parsed by them too: an unfit one is a bug. */
  readonly answer: (asked: Asked<unknown, unknown, unknown>) => Promise<unknown>;
}

export function route<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Reply extends z.ZodType,
>(
  endpoint: Endpoint<Params, Query, Body, Reply>,
  handle: (asked: Asked<z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<z.output<Reply>>,
): Route {
  return {
    endpoint,
    answer: async ({ params, query, body }) =>
      endpoint.reply.parse(
        await handle({
          params: params as z.output<Params>,
          query: query as z.output<Query>,
          body: body as z.output<Body>,
        }),
      ),
  };
}
