// A JSON Schema in words, and an example of it.

import { wordsOfNumber } from "../ui/format.ts";
import { nameIn, type Schema } from "./document.ts";

/** Words, and names of shapes that have a place of their own. */
export type TypePart = string | { readonly shape: string };

const isNull = ({ type }: Schema) => type === "null";
const plural: Readonly<Record<string, string>> = {
  string: "strings",
  integer: "integers",
  number: "numbers",
  boolean: "booleans",
  object: "objects",
};

/** The schema without the possibility of null. */
export function withoutNull(schema: Schema): Schema {
  const choices = schema.anyOf?.filter((each) => !isNull(each)) ?? [];
  const [only] = choices;
  if (only !== undefined && choices.length === 1) {
    return { ...only, description: schema.description ?? only.description };
  }
  return schema;
}

/** "string", "UUID or null", "array of Team". */
export function typeOf(schema: Schema): readonly TypePart[] {
  const { $ref, type, anyOf, oneOf, items } = schema;
  if ($ref !== undefined) return [{ shape: nameIn($ref) }];
  if (schema.enum !== undefined) return ["one of these"];
  if (anyOf !== undefined) return joined(anyOf.map(typeOf));
  if (oneOf !== undefined) return ["one of these"];
  if (Array.isArray(type)) return [type.join(" or ")];
  if (items !== undefined) return ["array of ", ...pluralOf(items)];
  return [schema.format === "uuid" ? "UUID" : (schema.format ?? wordOf(schema))];
}

const wordOf = ({ type, const: constant }: Schema): string =>
  constant === undefined ? String(type ?? "anything") : JSON.stringify(constant);

function pluralOf(schema: Schema): readonly TypePart[] {
  if (schema.$ref !== undefined) return typeOf(schema);
  if (schema.format !== undefined) return [schema.format === "uuid" ? "UUIDs" : `${schema.format}s`];
  return [plural[String(schema.type)] ?? "values"];
}

function joined(choices: readonly (readonly TypePart[])[]): readonly TypePart[] {
  return choices.flatMap((parts, at) => (at === 0 ? parts : [" or ", ...parts]));
}

/** "8 to 64", "up to 200 characters". */
function rangeOf(least: number | undefined, most: number | undefined, unit = ""): string[] {
  if (most === undefined) {
    return least === undefined || (unit !== "" && least === 0)
      ? []
      : [`${wordsOfNumber(least)}${unit} or more`];
  }
  if (least === undefined) return [`up to ${wordsOfNumber(most)}${unit}`];
  return [`${wordsOfNumber(least)} to ${wordsOfNumber(most)}${unit}`];
}

export function boundsOf(schema: Schema): readonly string[] {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  return [
    ...rangeOf(minimum, maximum),
    ...rangeOf(minLength, maxLength, " characters"),
    ...rangeOf(minItems, maxItems, " entries"),
    ...(schema.default === undefined ? [] : [`${JSON.stringify(schema.default)} if left out`]),
  ];
}

export interface Field {
  readonly name: string;
  readonly isRequired: boolean;
  readonly schema: Schema;
}

/** What an object, or each entry of an array of objects, is made of; nothing for what has a name of its own. */
export function fieldsOf(schema: Schema): readonly Field[] {
  const { properties = {}, required = [], items } = withoutNull(schema);
  if (items !== undefined) return fieldsOf(items);
  return Object.entries(properties).map(([name, property]) => ({
    name,
    isRequired: required.includes(name),
    schema: property,
  }));
}

type Shapes = Readonly<Record<string, Schema>>;

/** The schema itself instead of its name; what is said of it in this place goes before. */
export function resolved(schema: Schema, shapes: Shapes): Schema {
  const shape = schema.$ref === undefined ? undefined : shapes[nameIn(schema.$ref)];
  return shape === undefined ? schema : { ...shape, description: schema.description ?? shape.description };
}

/** Something that would be accepted, with `<name>` where the caller's own words go. */
export function exampleOf(schema: Schema, shapes: Shapes, name = "value"): unknown {
  const {
    default: standard,
    const: constant,
    enum: values,
    oneOf,
    items,
    ...rest
  } = resolved(schema, shapes);
  const given = standard ?? constant ?? values?.[0];
  if (given !== undefined) return given;
  const [first] = oneOf ?? [];
  if (first !== undefined) return exampleOf(first, shapes, name);
  if (items !== undefined) return [exampleOf(items, shapes, name.replace(/s$/, ""))];
  const choice = withoutNull(rest);
  if (choice.properties !== undefined) return exampleOfObject(choice, shapes);
  return exampleOfValue(choice, name);
}

function exampleOfObject(schema: Schema, shapes: Shapes): unknown {
  const fields = fieldsOf(schema);
  const needed = fields.filter(({ isRequired }) => isRequired);
  // Of what is all optional, one shows the form.
  const shown = needed.length === 0 ? fields.slice(0, 1) : needed;
  return Object.fromEntries(shown.map(({ name, schema: each }) => [name, exampleOf(each, shapes, name)]));
}

function exampleOfValue({ type, format, minimum }: Schema, name: string): unknown {
  if (type === "boolean") return true;
  if (type === "integer" || type === "number") return minimum ?? 1;
  if (format === "date") return "2026-12-31";
  return `<${name}>`;
}
