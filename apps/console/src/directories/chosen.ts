// Which rows of a list are chosen, to do something to all of them at once.

import { useState } from "react";

export interface Chosen<Id extends string> {
  readonly ids: readonly Id[];
  readonly has: (id: Id) => boolean;
  readonly turn: (ids: readonly Id[], isChosen: boolean) => void;
  readonly clear: () => void;
}

/** @param of names the list: what was chosen in another one is not chosen here. */
export function useChosen<Id extends string>(of: string): Chosen<Id> {
  const none = { of, ids: new Set<Id>() };
  const [state, setState] = useState(none);
  const { ids } = state.of === of ? state : none;
  return {
    ids: [...ids],
    has: (id) => ids.has(id),
    turn: (those, isChosen) => {
      const next = new Set(ids);
      for (const id of those) {
        if (isChosen) next.add(id);
        else next.delete(id);
      }
      setState({ of, ids: next });
    },
    clear: () => setState(none),
  };
}
