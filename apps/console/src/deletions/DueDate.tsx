// The day on which an account will be deleted, with the time at hand.

import type { ReactNode } from "react";

import { wordsOfDate, wordsOfMoment } from "../ui/format.ts";

export function DueDate({ at }: { readonly at: string }): ReactNode {
  return (
    <time dateTime={at} title={wordsOfMoment(at)}>
      {wordsOfDate(at)}
    </time>
  );
}
