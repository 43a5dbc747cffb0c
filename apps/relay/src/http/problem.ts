// The one place that turns what was thrown into a problem document (RFC 9457). A refusal travels with its code;
// anything else is a bug, and the caller learns no more than the request's id.

import { relay } from "@lockstep/api";
import type { z } from "zod";

import { isStoreError } from "../db/database.ts";
import { Refusal } from "../refusal.ts";

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: relay.RelayRefusalCode;
  readonly detail?: string;
  readonly instance: string;
}

/** The request did not parse; thrown by the router only, so that a row that does not parse stays a bug. */
export class MalformedRequest extends Error {
  readonly issues: z.ZodError["issues"];
  constructor(error: z.ZodError) {
    super("malformed request", { cause: error });
    this.issues = error.issues;
  }
}

const framework: Readonly<Record<string, relay.RelayRefusalCode>> = {
  FST_ERR_BAD_URL: "malformed_request",
  FST_ERR_CTP_BODY_TOO_LARGE: "parcel_too_large",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "malformed_request",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "media_type_unsupported",
};

const codeOf = (error: unknown) =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

function malformed({ issues: [issue] }: MalformedRequest): Refusal {
  const path = issue?.path.map(String).join(".") ?? "";
  return new Refusal("malformed_request", {
    detail: `${path === "" ? "" : `${path}: `}${issue?.message ?? ""}`,
  });
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof MalformedRequest) return malformed(error);
  const known = framework[codeOf(error)];
  if (known !== undefined) return new Refusal(known, { cause: error });
  if (isStoreError(error, "full")) return new Refusal("storage_full", { cause: error });
  return new Refusal("internal_error", { cause: error });
}

/** @param instance the request's id, by which the log is searched. */
export function problemOf(error: unknown, instance: string): Problem {
  const { code, detail } = refusalOf(error);
  const { status, title } = relay.refusals[code];
  return {
    type: `/docs/relay#${code}`,
    title,
    status,
    code,
    ...(detail === undefined ? {} : { detail }),
    instance,
  };
}
