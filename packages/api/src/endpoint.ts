// What an endpoint is: one piece of data that the server serves, the client calls and the tests walk.

import type { Action } from "@lockstep/core";
import type { z } from "zod";

import type { RefusalCode } from "./refusals.ts";

type Shape = z.ZodType;

export interface Endpoint<
  Params extends Shape = Shape,
  Query extends Shape = Shape,
  Body extends Shape = Shape,
  Reply extends Shape = Shape,
> {
  readonly method: "GET" | "POST" | "PUT";
  /** Below /api/v1, with `:name` for each of `params`. */
  readonly path: string;
  readonly summary: string;
  /** The permission that the caller must have on the target. */
  readonly needs: Action;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly reply: Reply;
  /** Besides those that every endpoint can give. */
  readonly refuses: readonly RefusalCode[];
}

export function endpoint<Params extends Shape, Query extends Shape, Body extends Shape, Reply extends Shape>(
  described: Endpoint<Params, Query, Body, Reply>,
): Endpoint<Params, Query, Body, Reply> {
  return described;
}
