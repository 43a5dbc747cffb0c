// The interface as the server describes it (OpenAPI), read and sorted as the page shows it.

import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";

/** What is shown of a JSON Schema. */
export interface Schema {
  readonly $ref?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly format?: string | undefined;
  readonly const?: string | number | boolean | undefined;
  readonly enum?: readonly string[] | undefined;
  readonly "x-enum-descriptions"?: readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly pattern?: string | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: Schema | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
  readonly allOf?: readonly Schema[] | undefined;
}

const count = z.number().optional();
const words = z.string().optional();

const schema: z.ZodType<Schema> = z.lazy(() => {
  const choice = z.array(schema).optional();
  return z.object({
    $ref: words,
    type: z.union([z.string(), z.array(z.string())]).optional(),
    format: words,
    const: z.union([z.string(), z.number(), z.boolean()]).optional(),
    enum: z.array(z.string()).optional(),
    "x-enum-descriptions": z.array(z.string()).optional(),
    description: words,
    default: z.unknown().optional(),
    pattern: words,
    minimum: count,
    maximum: count,
    minLength: count,
    maxLength: count,
    minItems: count,
    maxItems: count,
    properties: z.record(z.string(), schema).optional(),
    required: z.array(z.string()).optional(),
    items: schema.optional(),
    anyOf: choice,
    oneOf: choice,
    allOf: choice,
  });
});

const json = z.object({ "application/json": z.object({ schema }) });
const parameter = z.object({
  name: z.string(),
  in: z.enum(["path", "query", "header"]),
  required: z.boolean().default(false),
  description: words,
  schema,
  example: words,
});
export type Parameter = z.output<typeof parameter>;

const reference = z.object({ $ref: z.string() });
const response = z.object({
  description: z.string(),
  headers: z.record(z.string(), z.unknown()).default({}),
  content: json.optional(),
});
const refusal = z.object({ content: z.object({ "application/problem+json": z.object({ schema }) }) });

const operation = z.object({
  operationId: z.string(),
  tags: z.tuple([z.string()]),
  summary: z.string(),
  description: z.string(),
  security: z.array(z.unknown()),
  parameters: z.array(z.union([reference, parameter])).default([]),
  requestBody: z.object({ description: z.string(), content: json }).optional(),
  responses: z.record(z.string(), z.union([reference, response])),
});

const document = z.object({
  info: z.object({ version: z.string(), description: z.string() }),
  servers: z.tuple([z.object({ url: z.string() })]),
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({
    schemas: z.record(z.string(), schema),
    parameters: z.record(z.string(), parameter),
    responses: z.record(z.string(), refusal),
  }),
});
type Document = z.output<typeof document>;

export interface Refusal {
  readonly status: string;
  readonly code: string;
  readonly sentence: string;
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly noun: string;
  readonly summary: string;
  readonly who: string;
  readonly needsSignIn: boolean;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly description: string; readonly schema: Schema } | undefined;
  readonly reply: {
    readonly status: string;
    readonly description: string;
    readonly headers: readonly string[];
    readonly schema: Schema | undefined;
  };
  readonly refusals: readonly Refusal[];
}

export interface Reference {
  readonly version: string;
  readonly description: string;
  readonly nouns: readonly {
    readonly name: string;
    readonly description: string;
    readonly operations: readonly Operation[];
  }[];
  /** With which every single call can be refused. */
  readonly everywhere: readonly Refusal[];
  readonly shapes: Readonly<Record<string, Schema>>;
}

/** The name at the end of a reference. */
export const nameIn = ($ref: string): string => $ref.split("/").at(-1) ?? "";

/** @throws for what is no document of ours. */
function found<Part>(parts: Readonly<Record<string, Part>>, $ref: string): Part {
  const part = parts[nameIn($ref)];
  if (part === undefined) throw new Error(`the document refers to ${$ref} and does not have it`);
  return part;
}

function refusalsIn(status: string, { content }: z.output<typeof refusal>): Refusal[] {
  const [, particulars] = content["application/problem+json"].schema.allOf ?? [];
  const code = particulars?.properties?.["code"];
  const sentences = code?.["x-enum-descriptions"] ?? [];
  return (code?.enum ?? []).map((each, at) => ({ status, code: each, sentence: sentences[at] ?? "" }));
}

function operationOf(
  { components, servers: [{ url }] }: Document,
  { method, path, said }: { method: string; path: string; said: z.output<typeof operation> },
): Operation {
  const responses = Object.entries(said.responses);
  const replies = responses.flatMap(([status, each]) => ("$ref" in each ? [] : [{ status, ...each }]));
  const [reply] = replies;
  if (reply === undefined) throw new Error(`the document has no reply of ${said.operationId}`);
  return {
    id: said.operationId,
    method: method.toUpperCase(),
    path: url + path,
    noun: said.tags[0],
    summary: said.summary,
    who: said.description.replace(/^Who may: /, ""),
    needsSignIn: said.security.length > 0,
    parameters: said.parameters.map((each) =>
      "$ref" in each ? found(components.parameters, each.$ref) : each,
    ),
    body: said.requestBody && {
      description: said.requestBody.description,
      schema: said.requestBody.content["application/json"].schema,
    },
    reply: {
      status: reply.status,
      description: reply.description,
      headers: Object.keys(reply.headers),
      schema: reply.content?.["application/json"].schema,
    },
    refusals: responses.flatMap(([status, each]) =>
      "$ref" in each ? refusalsIn(status, found(components.responses, each.$ref)) : [],
    ),
  };
}

/** @throws for what is no document of ours. */
export function referenceOf(text: unknown): Reference {
  const parsed = document.parse(text);
  const operations = Object.entries(parsed.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, said]) => operationOf(parsed, { method, path, said })),
  );
  const everywhere = (operations[0]?.refusals ?? []).filter(({ code }) =>
    operations.every(({ refusals }) => refusals.some((refused) => refused.code === code)),
  );
  const isParticular = ({ code }: Refusal) => !everywhere.some((each) => each.code === code);
  return {
    version: parsed.info.version,
    description: parsed.info.description,
    nouns: parsed.tags.map(({ name, description }) => ({
      name,
      description,
      operations: operations
        .filter(({ noun }) => noun === name)
        .map((each) => ({ ...each, refusals: each.refusals.filter(isParticular) })),
    })),
    everywhere,
    shapes: parsed.components.schemas,
  };
}

export const referenceQuery = () =>
  queryOptions({
    queryKey: ["reference"],
    queryFn: async () => {
      const response = await fetch("/api/v1/openapi.json");
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      return referenceOf(await response.json());
    },
    // It changes with the server only.
    staleTime: Infinity,
  });
