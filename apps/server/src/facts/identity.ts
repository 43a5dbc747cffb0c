// Core names content by a digest that it is given, because core imports nothing. This is the server's.

import { createHash } from "node:crypto";

import {
  emptyContent,
  identityOf,
  type Content,
  type ContentIdentity,
  type WorkstationPolicy,
} from "@lockstep/core";

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

export function identify(content: Content): ContentIdentity {
  return identityOf(content, sha256);
}

/** What a workstation holds before its first report; the same in every organisation. */
export const empty: ContentIdentity = identify(emptyContent);

/** What holds on a workstation while nobody is signed in, named as a content is. */
export function identifyWorkstationPolicy(policy: WorkstationPolicy): ContentIdentity {
  return identityOf({ policy, keys: [] }, sha256);
}
