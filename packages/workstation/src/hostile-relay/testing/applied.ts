// Applying says the same of a state each time, so that a state that comes again, in whichever schedule, is the same value
// and its verdicts are found again.

import { afterApplying, type DeviceState } from "@lockstep/keyfile";

const applied = new WeakMap<DeviceState, DeviceState>();

/** `afterApplying`, the same value for the same state. */
export function appliedState(state: DeviceState, hash: string): DeviceState {
  const known = applied.get(state);
  if (known?.key_file?.hash === hash) return known;
  const next = afterApplying(state, hash);
  applied.set(state, next);
  return next;
}
