// The draft of one editor: what is changed, on top of which revision.

import type { PolicyValue } from "@lockstep/core";
import { useMemo, useState } from "react";

import type { Catalogue, Own } from "./catalogues.ts";
import {
  isAllowed,
  policyOf,
  settingChangesOf,
  withChange,
  type Draft,
  type SettingChange,
} from "./draft.ts";

export interface EditedPolicy<Code extends string> {
  readonly policy: Own<Code>;
  readonly changes: readonly SettingChange[];
  readonly isAllowed: boolean;
  /** The revision that was edited. Not the present one once somebody else has saved. */
  readonly revision: number;
  readonly change: (setting: Code, value: PolicyValue | null) => void;
  readonly discard: () => void;
  /** Goes on with the same changes on top of another revision. */
  readonly rebase: (revision: number) => void;
}

interface Saved<Code extends string> {
  readonly policy: Own<Code>;
  readonly revision: number;
}

export function useDraft<Code extends string>(
  catalogue: Catalogue<Code>,
  { policy: saved, revision: savedRevision }: Saved<Code>,
): EditedPolicy<Code> {
  const unchanged = { draft: {} as Draft<Code>, revision: savedRevision };
  const [state, setState] = useState(unchanged);
  const policy = useMemo(() => policyOf(catalogue, saved, state.draft), [catalogue, saved, state.draft]);
  const changes = useMemo(() => settingChangesOf(catalogue, saved, policy), [catalogue, saved, policy]);
  // Where nothing is changed, there is nothing that a newer revision could contradict.
  const revision = changes.length === 0 ? savedRevision : state.revision;
  return {
    policy,
    changes,
    isAllowed: isAllowed(catalogue, policy),
    revision,
    change: (setting, value) =>
      setState(({ draft }) => ({ draft: withChange(saved, draft, setting, value), revision })),
    discard: () => setState(unchanged),
    rebase: (onto) => setState(({ draft }) => ({ draft, revision: onto })),
  };
}
