// A choice of several on top of what is saved: what somebody else saves meanwhile is followed, what was ticked stays.

import { useState } from "react";

export interface Toggles<Id extends string> {
  readonly chosen: ReadonlySet<Id>;
  readonly isDirty: boolean;
  readonly toggle: (id: Id) => void;
}

export function useToggles<Id extends string>(saved: readonly Id[]): Toggles<Id> {
  const [turned, setTurned] = useState<ReadonlyMap<Id, boolean>>(new Map());
  const chosen = new Set(saved);
  for (const [id, isChosen] of turned) {
    if (isChosen) chosen.add(id);
    else chosen.delete(id);
  }
  const isDirty = chosen.size !== saved.length || !saved.every((id) => chosen.has(id));
  const toggle = (id: Id) => setTurned(new Map(turned).set(id, !chosen.has(id)));
  return { chosen, isDirty, toggle };
}
