// The catalogue of what a policy can set.

import { settings } from "@lockstep/api";
import type { Command } from "commander";
import type { z } from "zod";

import { valueWord } from "../holdings.ts";
import type { Invocation } from "../invocation.ts";
import { paragraph } from "../layout.ts";

type Catalogue = z.output<typeof settings.listSettings.reply>;
type Setting = Catalogue["team"][number];

function valuesOf({ type, values = [], unit = "", least, most }: Setting): string {
  switch (type) {
    case "choice":
      return values.join(", ");
    case "number":
      return `${least ?? "any"} to ${most ?? "any"} ${unit}`;
    case "truth":
      return "yes, no";
  }
}

function settingScreen(setting: Setting): string {
  return [
    setting.code,
    paragraph("    ", setting.description),
    paragraph("    ", `${valuesOf(setting)}; default ${valueWord(setting.default)}`),
  ].join("\n");
}

function catalogueScreen({ team, workstationTeam }: Catalogue): string {
  return [
    "OF TEAMS: while the user is signed in to the Key-File",
    ...team.map(settingScreen),
    "",
    "OF WORKSTATION TEAMS: while nobody is",
    ...workstationTeam.map(settingScreen),
  ].join("\n");
}

export function addSettingCommands(program: Command, invocation: Invocation): void {
  program
    .command("settings")
    .description("Every setting that a policy of a team or of a workstation team can have.")
    .action(async () => {
      const { call } = invocation.connection();
      const reply = await call(settings.listSettings);
      invocation.show(reply, () => catalogueScreen(reply));
    });
}
