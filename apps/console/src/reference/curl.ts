// The call of an operation as one types it into a shell.

import type { Operation, Parameter, Reference } from "./document.ts";
import { exampleOf } from "./schema.ts";

/** In single quotes nothing means anything but the quote itself. */
const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

function headerOf({ name, example = "" }: Parameter): string {
  // A new one for each call, which only the shell can make.
  return name === "Idempotency-Key" ? `-H "${name}: $(uuidgen)"` : `-H ${quoted(`${name}: ${example}`)}`;
}

/**
 * Ids in the path are variables of the shell; what else the caller fills in is in angle brackets.
 * @param origin of the server.
 */
export function curlOf(
  { method, path, needsSignIn, parameters, body, reply }: Operation,
  shapes: Reference["shapes"],
  origin: string,
): string {
  const needed = parameters.filter((each) => each.in === "query" && each.required);
  const query = needed.map(({ name }) => `${name}=$${name}`).join("&");
  const address = path.replaceAll(/\{(\w+)\}/g, "$$$1") + (query === "" ? "" : `?${query}`);
  const parts = [
    `curl ${method === "GET" ? "" : `-X ${method} `}"${origin}${address}"`,
    ...(needsSignIn ? [`-H "Authorization: Bearer $LOCKSTEP_TOKEN"`] : []),
    ...parameters.filter((each) => each.in === "header").map(headerOf),
    ...(body === undefined
      ? []
      : [
          "-H 'Content-Type: application/json'",
          `-d ${quoted(JSON.stringify(exampleOf(body.schema, shapes)))}`,
        ]),
    ...(reply.headers.includes("ETag") && method === "GET" ? ["-i"] : []),
  ];
  return parts.join(" \\\n  ");
}
