// The revision that is edited: the one seen when the editing began, until one goes on from a newer one.

import { useState } from "react";

export interface Edited {
  readonly match: number;
  /** Somebody else has changed it since. */
  readonly isOvertaken: boolean;
  /** From the revision that one has just saved oneself, or from the one that is on the screen. */
  readonly goOn: (saved?: number) => void;
}

export function useEdited(current: number): Edited {
  const [match, setMatch] = useState(current);
  return { match, isOvertaken: match !== current, goOn: (saved = current) => setMatch(saved) };
}
