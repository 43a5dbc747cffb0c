// Values as they are typed on the command line, read once.

import { dayOf, parseDay, type Day } from "@lockstep/core";
import { InvalidArgumentError } from "commander";

export function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("it is a whole number");
}

/** A day of the calendar, or `today`. */
export function day(text: string): Day {
  if (text === "today") return dayOf(new Date());
  try {
    return parseDay(text);
  } catch {
    throw new InvalidArgumentError("it is a day like 2027-03-31");
  }
}

/** As `day`, or `never`. */
export function lastDay(text: string): Day | null {
  return text === "never" ? null : day(text);
}

/** One word of several. */
export function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`it is one of ${words.join(", ")}`);
  };
}

/** An option that may be repeated. */
export function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
