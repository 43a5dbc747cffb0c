// Why the server said no, in its own words; nothing where it did not.

import type { ReactNode } from "react";

import { isOvertaken, sentenceOf } from "../api.ts";
import { Note } from "../ui/Note.tsx";

interface RefusedProps {
  readonly error: Error | null;
  readonly action?: ReactNode;
}

export function Refused({ error, action }: RefusedProps): ReactNode {
  // Being overtaken is no mistake, and has a way on of its own: `Overtaken`.
  if (error === null || isOvertaken(error)) return null;
  const { title, detail } = sentenceOf(error);
  return (
    <Note action={action} isLine title={title} tone="bad">
      {detail}
    </Note>
  );
}
