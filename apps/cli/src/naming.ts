// Things by the names that people type: exactly, capitals aside. Who names two things is asked which one.

import { Failure } from "./failure.ts";

export interface Kind<Thing> {
  /** What the things are called, and where they were looked for: "team" "in Northwind Air". */
  readonly noun: string;
  readonly place: string;
  /** Everything that a thing may be called. */
  readonly namesOf: (thing: Thing) => readonly string[];
  /** What tells a thing from others of its name; can be typed instead. */
  readonly labelOf: (thing: Thing) => string;
  /** The command that lists them, as a hint. */
  readonly list: string;
}

/** A name as it is typed, for hints. */
export function typed(name: string): string {
  return /^[\w./@-]+$/.test(name) ? name : `"${name.replace(/["\\$`]/g, "\\$&")}"`;
}

export function sameName(one: string, other: string): boolean {
  return one.normalize("NFC").toLowerCase() === other.normalize("NFC").toLowerCase();
}

/** The one thing that is called so. */
export function pick<Thing>(things: readonly Thing[], text: string, kind: Kind<Thing>): Thing {
  const found = things.filter((thing) => kind.namesOf(thing).some((name) => sameName(name, text)));
  const [only, ...others] = found;
  if (only === undefined) {
    throw new Failure(`there is no ${kind.noun} ${text} ${kind.place}`, kind.list);
  }
  if (others.length > 0) {
    const labels = found.map((thing) => kind.labelOf(thing)).sort();
    throw new Failure(
      `more than one ${kind.noun} ${kind.place} is called ${text}`,
      `say which: ${labels.join(", ")}`,
    );
  }
  return only;
}
