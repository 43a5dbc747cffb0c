// What is due, in a sentence: the one next step of whoever looks at the status.

import { refusals, type ActiveStatus, type Status, type WorkstationRefusalCode } from "@lockstep/workstation";

import { momentOf } from "./layout.ts";
import { hintOf } from "./refusals.ts";

function sayOf(code: WorkstationRefusalCode): string {
  const { sentence, hint } = refusals[code];
  const next = hintOf({ code, hint });
  if (next.startsWith("lockstep-client")) return `${sentence.replace(/[.]$/, "")}: ${next}`;
  return `${sentence} ${next.charAt(0).toUpperCase()}${next.slice(1)}${next.includes("lockstep-client") ? "" : "."}`;
}

type Rule = readonly [
  applies: (status: ActiveStatus, now: number) => boolean,
  say: (status: ActiveStatus) => string,
];

const rules: readonly Rule[] = [
  [({ obstacle }) => obstacle !== null, ({ obstacle }) => sayOf(obstacle ?? "locked")],
  [({ mustChangePassword }) => mustChangePassword, () => sayOf("password-change-required")],
  [
    ({ waiting, isPostponed }) => waiting > 0 && isPostponed,
    () => "A Key-File was postponed. To apply it: lockstep-client login",
  ],
  [({ waiting }) => waiting > 0, () => "A Key-File waits to be applied: lockstep-client login"],
  [
    ({ freshness }) => freshness.freshness !== "fresh",
    ({ freshness }) =>
      `The server was last heard of on ${momentOf(freshness.since)}. If a sync changes nothing, tell your administrator: lockstep-client sync`,
  ],
  [
    ({ missing }) => missing.keyFile || missing.orders || missing.root,
    () => "The server has something newer, which has not come yet: lockstep-client sync",
  ],
  [({ isLicensed }) => !isLicensed, () => sayOf("licence-ended")],
  [({ keys }) => !keys.some(({ use }) => use === "encrypt"), () => sayOf("no-key")],
  [
    ({ nextSyncAt }, now) => nextSyncAt < now,
    () => "A sync is due; lockstep-client watch does it by itself: lockstep-client sync",
  ],
  [({ isLoggedIn }) => !isLoggedIn, () => "Log in to work with files: lockstep-client login"],
];

/** The first thing that is due. @param now seconds since 1970. */
export function dueOf(status: Status, now: number): string {
  switch (status.stage) {
    case "new":
      return sayOf("not-activated");
    case "joining":
      return "The server has not answered yet. To go on waiting, activate again with the same code and password.";
    case "ended":
      return sayOf("deactivated");
    case "active": {
      const rule = rules.find(([applies]) => applies(status, now));
      return rule === undefined ? "Nothing is due." : rule[1](status);
    }
  }
}
