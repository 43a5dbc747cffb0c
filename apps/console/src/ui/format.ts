// Numbers and moments in words for people, the same everywhere.

const wholeNumber = new Intl.NumberFormat("en-GB");
const difference = new Intl.NumberFormat("en-GB", { signDisplay: "exceptZero" });
const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const date = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const ago = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });

export const wordsOfNumber = (value: number): string => wholeNumber.format(value);
export const wordsOfDifference = (value: number): string => difference.format(value).replace("-", "−");
export const wordsOfMoment = (iso: string): string => moment.format(new Date(iso));
/** "Tuesday, 1 December 2026". */
export const wordsOfDate = (iso: string): string => date.format(new Date(iso));
export const wordsOfClock = (iso: string): string => clock.format(new Date(iso));

const units = [
  { unit: "year", seconds: 31_536_000 },
  { unit: "month", seconds: 2_592_000 },
  { unit: "day", seconds: 86_400 },
  { unit: "hour", seconds: 3_600 },
  { unit: "minute", seconds: 60 },
] as const;

/** "3 days ago", "in 2 hours", "now". */
export function wordsOfAge(iso: string, now: Date): string {
  const seconds = (new Date(iso).getTime() - now.getTime()) / 1000;
  const fitting = units.find((each) => Math.abs(seconds) >= each.seconds);
  return fitting === undefined ? "just now" : ago.format(Math.trunc(seconds / fitting.seconds), fitting.unit);
}

/** "1 user", "2 users". */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${wordsOfNumber(count)} ${count === 1 ? one : many}`;
}
