// What answers for Proxy Sync.

import { sync } from "@lockstep/api";

import { route, type Route } from "../http/route.ts";
import { Refusal } from "../refusal.ts";
import type { ProxySync } from "./run.ts";

const withoutRelay = { relay: null, syncedAt: null, failedAt: null, failure: null, toDeliver: 0 };

export function syncRoutes(proxySync: ProxySync | null): Route[] {
  return [
    route(sync.showSync, async () => (proxySync === null ? withoutRelay : proxySync.state())),
    route(sync.startSync, async () => {
      if (proxySync === null) throw new Refusal("relay_missing");
      return proxySync.now();
    }),
  ];
}
