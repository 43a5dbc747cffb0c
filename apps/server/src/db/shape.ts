// Shapes that rows have in common, parsed on the way in.

import { isId, parseDay, type Day, type Id } from "@lockstep/core";
import { z } from "zod";

/** A UUID column as the id of a noun. */
export function id<Noun extends string>(): z.ZodType<Id<Noun>> {
  return z.custom<Id<Noun>>(isId, "expected a UUID");
}

export const day: z.ZodType<Day> = z.string().transform(parseDay);

export const instant = z.iso.datetime();
