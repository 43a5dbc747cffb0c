// A moment as its age, with the full date at hand.

import type { ReactNode } from "react";

import { wordsOfAge, wordsOfMoment } from "./format.ts";

interface MomentProps {
  readonly at: string;
  /** The date in words instead of the age. */
  readonly isAbsolute?: boolean;
}

export function Moment({ at, isAbsolute = false }: MomentProps): ReactNode {
  const [absolute, age] = [wordsOfMoment(at), wordsOfAge(at, new Date())];
  return (
    <time dateTime={at} title={isAbsolute ? age : absolute}>
      {isAbsolute ? absolute : age}
    </time>
  );
}
