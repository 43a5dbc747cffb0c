// The revision that is edited: the one seen when the editing began, until one goes on from a newer one.

import { useState } from "react";

export interface Edited {
  readonly match: number;
  /** Somebody else has changed it since. */
  readonly isOvertaken: boolean;
  readonly goOn: () => void;
}

export function useEdited(current: number): Edited {
  const [match, setMatch] = useState(current);
  return { match, isOvertaken: match !== current, goOn: () => setMatch(current) };
}
