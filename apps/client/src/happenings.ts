// What a sync brought, in words.

import type { Happening, Round } from "@lockstep/workstation";

import { counted } from "./layout.ts";

const orderWords: Record<Extract<Happening, { kind: "order" }>["order"], string> = {
  deactivate: "The organisation has deactivated this workstation. Its keys were removed.",
  lock: "The organisation has locked this workstation.",
  unlock: "The organisation has unlocked this workstation.",
  "force-password-change": "The organisation asks for a new password: lockstep-client password",
  "workstation-policy": "The workstation policy was changed.",
};

function sentenceOf(happening: Happening): string | null {
  switch (happening.kind) {
    case "applied":
      return `Key-File ${happening.version} was applied.`;
    case "order":
      return orderWords[happening.order];
    case "rejected":
      return `Something that came was not accepted (${happening.code}). The server is told.`;
    case "arrived":
    case "pulse":
      return null;
  }
}

export function sentencesOf(happenings: readonly Happening[]): string[] {
  return happenings.map(sentenceOf).filter((sentence) => sentence !== null);
}

/** What a round did, one sentence each. */
export function roundSentences({ happenings, waiting, ended }: Round): string[] {
  const sentences = sentencesOf(happenings);
  if (waiting > 0) {
    const them = waiting === 1 ? "waits" : "wait";
    sentences.push(`${counted(waiting, "Key-File")} ${them} for you: lockstep-client login`);
  }
  if (ended && sentences.length === 0) sentences.push(orderWords.deactivate);
  return sentences;
}
