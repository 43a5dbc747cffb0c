// What a change would do to everybody's status: asked for before the change is saved, and always shown.

import { teams, type Impact, type Proposal } from "@lockstep/api";

import { encryptionStatuses } from "@lockstep/core";

import type { Invocation, Scope } from "./invocation.ts";
import { counted, table } from "./layout.ts";
import { encryptionCodes, encryptionWord } from "./statuses.ts";

function signed(difference: number): string {
  return difference === 0 ? "" : `${difference > 0 ? "+" : "−"}${Math.abs(difference)}`;
}

/** How many users have each status before and after, and how many Key-Files it would take. */
function impactScreen({ before, after, keyFiles }: Impact): string {
  const rows = encryptionCodes.map((code) => {
    const [was, will] = [before.encryption[code], after.encryption[code]];
    return [encryptionWord(code), was, will, signed(will - was)];
  });
  return `${table(["STATUS", "BEFORE", "AFTER", ""], rows)}\n${keyFilesSentence(keyFiles)}`;
}

function keyFilesSentence(keyFiles: number): string {
  const red = `red (${encryptionStatuses["update-required"].label})`;
  if (keyFiles === 0) return `It takes no Key-File: nobody is then ${red}.`;
  return `It takes ${counted(keyFiles, "Key-File")} to bring everybody up to date who is then ${red}.`;
}

interface Change {
  readonly proposal: Proposal;
  readonly isPreview: boolean;
  /** Saves it. @returns the reply, and what there is to say about it. */
  readonly save: () => Promise<{ reply: object; screen: string }>;
}

/** Shows the impact of a change; then saves it, unless it was only to be previewed. */
export async function saveWithImpact(
  invocation: Invocation,
  { call, params }: Scope,
  change: Change,
): Promise<void> {
  const impact = await call(teams.previewImpact, { params, body: change.proposal });
  if (change.isPreview) {
    invocation.show(impact, () => `${impactScreen(impact)}\n\nThis is a preview: nothing was saved.`);
    return;
  }
  const { reply, screen } = await change.save();
  invocation.show(reply, () => `${impactScreen(impact)}\n\n${screen}`);
}
