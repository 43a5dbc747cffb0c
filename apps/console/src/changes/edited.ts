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

export interface Editing<Draft> {
  readonly draft: Draft;
  readonly edited: Edited;
  readonly change: (draft: Draft) => void;
  /** It is saved, or given up: what is shown is what is saved. */
  readonly settle: () => void;
}

/** A form that stays open: as long as nobody has touched it, it follows what is saved. */
export function useEditing<Draft>(saved: Draft, revision: number): Editing<Draft> {
  const [draft, setDraft] = useState<Draft | null>(null);
  const edited = useEdited(revision);
  return {
    draft: draft ?? saved,
    edited: draft === null ? { ...edited, match: revision, isOvertaken: false } : edited,
    change: (changed) => {
      if (draft === null) edited.goOn();
      setDraft(changed);
    },
    settle: () => setDraft(null),
  };
}
