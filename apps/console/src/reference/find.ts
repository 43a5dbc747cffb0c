// Finding operations by what is typed: each word must occur in what an operation is called, says, takes or refuses.

import type { Operation, Reference } from "./document.ts";
import { fieldsOf, resolved } from "./schema.ts";

function textOf(operation: Operation, shapes: Reference["shapes"]): string {
  const { id, method, path, noun, summary, who, parameters, body, reply, refusals } = operation;
  const fields = [body?.schema, reply.schema].flatMap((schema) =>
    schema === undefined ? [] : fieldsOf(resolved(schema, shapes)).map(({ name }) => name),
  );
  return [
    ...[id, `${method} ${path}`, noun, summary, who],
    ...parameters.map(({ name }) => name),
    ...fields,
    ...refusals.map(({ code }) => code),
  ]
    .join("\n")
    .toLowerCase();
}

/** The nouns with those of their operations that fit, without the nouns of which none does. */
export function findOperations({ nouns, shapes }: Reference, typed: string): Reference["nouns"] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (operation: Operation) => {
    const text = textOf(operation, shapes);
    return words.every((word) => text.includes(word));
  };
  return nouns
    .map((noun) => ({ ...noun, operations: noun.operations.filter(fits) }))
    .filter(({ operations }) => operations.length > 0);
}
