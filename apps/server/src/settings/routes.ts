// What answers for the catalogues of policy settings: core's own, as they are.

import { settings } from "@lockstep/api";
import { policySettings, workstationSettings, type Setting } from "@lockstep/core";

import { route, type Route } from "../http/route.ts";

function shownOf(catalogue: Readonly<Record<string, Setting>>) {
  return Object.entries(catalogue).map(([code, setting]) =>
    setting.type === "choice" ? { code, ...setting, values: [...setting.values] } : { code, ...setting },
  );
}

export function settingRoutes(): Route[] {
  const catalogues = { team: shownOf(policySettings), workstationTeam: shownOf(workstationSettings) };
  return [route(settings.listSettings, () => Promise.resolve(catalogues))];
}
