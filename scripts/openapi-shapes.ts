// The contract's shapes as the JSON Schemas of an OpenAPI document, each named shape once.

import { z } from "zod";

export type Schema = z.core.JSONSchema.BaseSchema;

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

type Override = NonNullable<z.core.ToJSONSchemaParams["override"]>;

/** Takes away what says nothing to a reader, and says what JSON Schema could and zod does not. */
const override: Override = ({ zodSchema, jsonSchema }) => {
  const { def } = zodSchema._zod;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  // The format says it shorter.
  if (jsonSchema.format === "date" || jsonSchema.format === "date-time") delete jsonSchema.pattern;
  if (def.type === "default") jsonSchema.default ??= def.defaultValue;
  if (def.type === "record") openRecord(jsonSchema, def.valueType);
};

function openRecord(jsonSchema: Schema, values: z.core.$ZodType): void {
  const { required, additionalProperties } = jsonSchema;
  delete jsonSchema.propertyNames;
  if (required !== undefined) {
    jsonSchema.properties = Object.fromEntries(required.map((name) => [name, additionalProperties ?? {}]));
    jsonSchema.additionalProperties = false;
  } else if (values._zod.def.type === "lazy") jsonSchema.additionalProperties = {};
}

/** Query parameters arrive as text; to whoever sends it, "true" is the text of a boolean. */
function asSent(schema: Schema): Schema {
  const { enum: values, ...rest } = schema;
  return values?.join() === "true,false" ? { ...rest, type: "boolean" } : schema;
}

export class Shapes {
  readonly components: Record<string, Schema> = {};

  /** What a shape is on the wire: what it parses, not what the server makes of it. */
  schemaOf(shape: z.ZodType): Schema {
    const { properties = {}, $defs = {} } = z.toJSONSchema(z.object({ shape }), {
      io: "input",
      // What is made by hand says in its meta what it is on the wire.
      unrepresentable: ({ zodSchema }) => (zodSchema._zod.def.type === "custom" ? "any" : "throw"),
      override,
    });
    for (const [name, schema] of Object.entries($defs)) {
      if (!name.startsWith("__")) this.components[name] = refer(schema);
    }
    return refer(properties["shape"] as Schema);
  }

  /** @param shape an object, or a choice of objects, whose parameters then are all optional. */
  parametersOf(shape: z.ZodType, place: Parameter["in"]): Parameter[] {
    const schema = this.schemaOf(shape);
    const choices = schema.anyOf ?? [schema];
    return choices.flatMap(({ properties = {}, required = [] }) =>
      Object.entries(properties).map(([name, property]) => {
        const { description, ...rest } = property as Schema;
        return {
          name,
          in: place,
          required: choices.length === 1 && required.includes(name),
          ...(description === undefined ? {} : { description }),
          schema: asSent(rest),
        };
      }),
    );
  }
}

function refer(schema: Schema): Schema {
  const text = JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/');
  if (text.includes("schemas/__"))
    throw new TypeError("a shape that contains itself needs an id in its meta");
  return JSON.parse(text) as Schema;
}
