// The draft of one editor: what is changed, on top of which revision.

import type { Team } from "@lockstep/api";
import type { Policy, PolicySetting, PolicyValue } from "@lockstep/core";
import { useMemo, useState } from "react";

import {
  isAllowed,
  policyOf,
  settingChangesOf,
  withChange,
  type Draft,
  type SettingChange,
} from "./draft.ts";

export interface EditedPolicy {
  readonly policy: Policy;
  readonly changes: readonly SettingChange[];
  readonly isAllowed: boolean;
  /** The revision that was edited. Not the team's present one once somebody else has saved. */
  readonly revision: number;
  readonly change: (setting: PolicySetting, value: PolicyValue | null) => void;
  readonly discard: () => void;
  /** Goes on with the same changes on top of another revision. */
  readonly rebase: (revision: number) => void;
}

export function useDraft({ policy: saved, revision: savedRevision }: Team): EditedPolicy {
  const [state, setState] = useState<{ draft: Draft; revision: number }>({
    draft: {},
    revision: savedRevision,
  });
  const policy = useMemo(() => policyOf(saved, state.draft), [saved, state.draft]);
  const changes = useMemo(() => settingChangesOf(saved, policy), [saved, policy]);
  // Where nothing is changed, there is nothing that a newer revision could contradict.
  const revision = changes.length === 0 ? savedRevision : state.revision;
  return {
    policy,
    changes,
    isAllowed: isAllowed(policy),
    revision,
    change: (setting, value) =>
      setState(({ draft }) => ({ draft: withChange(saved, draft, setting, value), revision })),
    discard: () => setState({ draft: {}, revision: savedRevision }),
    rebase: (onto) => setState(({ draft }) => ({ draft, revision: onto })),
  };
}
