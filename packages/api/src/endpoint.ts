// What an endpoint is: one piece of data that the server serves, the client calls, the documents describe and the
// tests walk.

import type { Action } from "@lockstep/core";
import type { z } from "zod";

import type { RefusalCode } from "./refusals.ts";
import { nothing } from "./shapes.ts";

type Shape = z.ZodType;

/** Instead of a permission: open to everybody, or to everybody who is signed in and about nobody else. */
export type Need = Action | "nothing" | "sign-in";

export interface Endpoint<
  Params extends Shape = Shape,
  Query extends Shape = Shape,
  Body extends Shape = Shape,
  Reply extends Shape = Shape,
> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below /api/v1, with `:name` for each of `params`. */
  readonly path: string;
  readonly summary: string;
  /** The permission that the caller must have on what `params` name. */
  readonly needs: Need;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly reply: Reply;
  /** Besides those that every endpoint can give. */
  readonly refuses: readonly RefusalCode[];
  /** The revision of what is replied: it becomes the reply's ETag. */
  readonly revisionOf?: (reply: z.output<Reply>) => number;
  /** The caller must say, in If-Match, which revision was edited: nobody overwrites what was not seen. */
  readonly needsMatch?: true;
  /** Something comes into being: 201, and a call repeated with the same Idempotency-Key makes nothing twice. */
  readonly creates?: true;
  /** Changes nothing, or nothing but the token itself, though it is no GET: a token that only reads may call it. */
  readonly reads?: true;
  /** Also for whoever must set up a second factor first, and can do nothing else. */
  readonly worksWithoutSecondFactor?: true;
  /** Where more than the usual 256 KiB are taken. */
  readonly bodyLimitBytes?: number;
}

export function endpoint<Params extends Shape, Query extends Shape, Body extends Shape, Reply extends Shape>(
  described: Endpoint<Params, Query, Body, Reply>,
): Endpoint<Params, Query, Body, Reply> {
  return described;
}

export function takesBody({ body }: Endpoint): boolean {
  return body !== nothing;
}

/** Whether a token that was made for reading alone may call it. */
export function isReading({ method, reads }: Pick<Endpoint, "method" | "reads">): boolean {
  return method === "GET" || reads === true;
}

/** The status of a reply that is no refusal. */
export function replyStatusOf({ reply, creates }: Endpoint): 200 | 201 | 204 {
  if (reply === nothing) return 204;
  return creates === true ? 201 : 200;
}

/** What any request can meet, whatever it asks for. */
const everywhere: readonly RefusalCode[] = [
  "malformed_request",
  "origin_refused",
  "internal_error",
  "storage_full",
  "database_unavailable",
];

/** Every code with which an endpoint can refuse: its own, and those that follow from what it is. */
export function refusalsOf(endpoint: Endpoint): readonly RefusalCode[] {
  const { needs, needsMatch, creates, refuses, worksWithoutSecondFactor } = endpoint;
  const implied: readonly (readonly [boolean, ...RefusalCode[]])[] = [
    [needs !== "nothing", "sign_in_required"],
    [needs !== "nothing" && worksWithoutSecondFactor !== true, "second_factor_required"],
    [needs !== "nothing" && needs !== "sign-in", "permission_denied"],
    [needs !== "nothing" && !isReading(endpoint), "token_only_reads"],
    [takesBody(endpoint), "malformed_json", "body_too_large", "media_type_unsupported"],
    [needsMatch === true, "revision_required", "revision_changed"],
    [creates === true, "idempotency_key_reused"],
  ];
  const follow = implied.flatMap(([holds, ...codes]) => (holds ? codes : []));
  return [...new Set([...refuses, ...follow, ...everywhere])];
}
