// Licences in words.

import type { Licence } from "@lockstep/api";

import { countOf } from "../ui/format.ts";

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });

export const wordsOfDay = (iso: string): string => day.format(new Date(iso));

export const termWords: Record<Licence["term"], string> = {
  trial: "Trial",
  subscription: "Subscription",
  perpetual: "Perpetual",
};

export const stateWords: Record<Licence["state"], string> = {
  valid: "Valid",
  "not-yet-valid": "Not yet valid",
  expired: "Expired",
  suspended: "Suspended",
};

export const freeSeats = ({ seats, seatsTaken }: Licence): number => Math.max(seats - seatsTaken, 0);

/** Whole days until the last day it covers, which is one of them; null if it never ends. */
export function daysLeft({ validUntil }: Licence, today: Date): number | null {
  if (validUntil === null) return null;
  const end = Date.parse(validUntil);
  return Math.floor((end - Date.parse(today.toISOString().slice(0, 10))) / 86_400_000) + 1;
}

/** "42 days left", "ends today", "ended 3 days ago", "never ends". */
export function wordsOfEnd(licence: Licence, today: Date): string {
  const days = daysLeft(licence, today);
  if (days === null) return "never ends";
  if (days === 1) return "ends today";
  return days > 1 ? `${countOf(days, "day")} left` : `ended ${countOf(1 - days, "day")} ago`;
}

/** Why it gives nobody a seat at present; null if it does. */
export function whyNoSeat(licence: Licence, wanted: number): string | null {
  switch (licence.state) {
    case "suspended":
      return "The licence is suspended and gives no seats.";
    case "expired":
      return "The licence has expired and gives no seats.";
    case "not-yet-valid":
      return `The licence is valid from ${wordsOfDay(licence.validFrom)} on.`;
    case "valid":
      return freeSeats(licence) < wanted
        ? `${freeSeats(licence) === 0 ? "No seat is" : `Only ${countOf(freeSeats(licence), "seat is", "seats are")}`} free.`
        : null;
  }
}
