// An example where all is in order. A test starts from it and changes one thing.

import type { Facts } from "./facts.ts";

export const inOrder: Facts = {
  encryption: {
    licence: "held",
    directory: "linked",
    activated: true,
    teamContent: "matches",
    ownContent: "matches",
    ownKeys: false,
    outstanding: false,
  },
  account: {
    account: "active",
    blocked: false,
    disabled: false,
    organisation: "enabled",
    authority: "enabled",
  },
  directoryAccount: "enabled",
  activationCode: "none",
  seats: "free",
};
