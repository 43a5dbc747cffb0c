// Days and instants: bounds of licences are days, everything that happens is an instant.

declare const unit: unique symbol;

/** A calendar day, `YYYY-MM-DD`. Days compare as text. */
export type Day = string & { readonly [unit]: "day" };

/** A moment, ISO 8601 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export type Instant = string & { readonly [unit]: "instant" };

/**
 * @throws TypeError when the value is not a day of the calendar.
 */
export function parseDay(value: unknown): Day {
  if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)) {
    // Round-trip, because Date accepts 30 February and calls it 2 March.
    const date = new Date(`${value}T00:00:00Z`);
    if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)) return value as Day;
  }
  throw new TypeError("expected a day like 2026-03-01");
}

/** The day on which a moment falls, in UTC: every server of an installation must agree on it. */
export function dayOf(moment: Date): Day {
  return moment.toISOString().slice(0, 10) as Day;
}

/** A moment as text. */
export function instantOf(moment: Date): Instant {
  return moment.toISOString() as Instant;
}
