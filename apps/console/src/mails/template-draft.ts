// The words of a mail while they are typed: what is sent, where a refusal belongs, and a name put where one writes.

import { ProblemError, type MailTemplate } from "@lockstep/api";

/** Of a kind without a button its words are null. */
export type Words = Pick<MailTemplate, "subject" | "text" | "button">;

export const wordsOf = ({ subject, text, button }: MailTemplate): Words => ({ subject, text, button });

/** A button that says nothing is none, which is refused where there must be one. */
export const sentWords = (words: Words): Words => ({ ...words, button: words.button?.trim() || null });

/** Whether the server can be asked at all. */
export const isComplete = ({ subject, text }: Words): boolean => subject.trim() !== "" && text.trim() !== "";

export function isChanged(words: Words, saved: Words): boolean {
  return words.subject !== saved.subject || words.text !== saved.text || words.button !== saved.button;
}

export const inBraces = (name: string): string => `{${name}}`;

export interface Misfit {
  readonly field: keyof Words;
  readonly sentence: string;
}

/** What does not fit, at the field where it stands or is missing; null where the server said something else. */
export function misfitOf(error: Error | null, words: Words): Misfit | null {
  if (!(error instanceof ProblemError)) return null;
  const { detail = "" } = error;
  if (error.is("mail_placeholder_unknown")) return strangerOf(detail, words);
  if (!error.is("mail_placeholder_missing")) return null;
  if (detail === "button") return { field: "button", sentence: "The button needs words." };
  return { field: "text", sentence: `The text needs ${detail}.` };
}

function strangerOf(detail: string, { subject, text }: Words): Misfit {
  if (detail.endsWith(" on the button"))
    return { field: "button", sentence: "Names in braces are not filled in on the button." };
  if (detail.endsWith(" in the subject"))
    return { field: "subject", sentence: "The link cannot stand in the subject." };
  const isInSubject = subject.includes(detail) && !text.includes(detail);
  return {
    field: isInSubject ? "subject" : "text",
    sentence: `This kind of mail has no ${detail}.`,
  };
}

/** @returns the text with a name put in place of what is selected, and where one writes on. */
export function inserted(
  text: string,
  name: string,
  { start, end }: { readonly start: number; readonly end: number },
): { readonly text: string; readonly at: number } {
  const put = inBraces(name);
  return { text: `${text.slice(0, start)}${put}${text.slice(end)}`, at: start + put.length };
}
