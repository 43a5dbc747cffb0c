// Vectors of Project Wycheproof, as they are kept beside the tests that run them through our own functions.

import { readFileSync } from "node:fs";

import { z } from "zod";

/** Bytes as hexadecimal digits. */
export const bytes = z
  .string()
  .regex(/^([0-9a-f]{2})*$/)
  .transform((digits) => Buffer.from(digits, "hex"));
const result = z.enum(["valid", "acceptable", "invalid"]);

/**
 * The published tests of a file, each with those members and its verdict.
 * @param count so many there must be, else some were lost on the way.
 */
export function published<Shape extends z.ZodRawShape>(file: URL, count: number, shape: Shape) {
  const tests = z.array(z.strictObject({ id: z.int(), result, ...shape }));
  return tests.length(count).parse(JSON.parse(readFileSync(file, "utf8")));
}

/** What comes out, or null where it says no. */
export function attempt<Value>(work: () => Value): Value | null {
  try {
    return work();
  } catch {
    return null;
  }
}
