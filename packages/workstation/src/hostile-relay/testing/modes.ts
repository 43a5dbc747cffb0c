// The two ways to run the model: without seals, for many schedules, and with real boxes and the real applying, for some.

import { newBoxKey, openBox, sealBox, type BoxKey } from "@lockstep/keyfile";

import { ageKey } from "../../testing/organisation.ts";
import { judging, opening, unwrap, wrap } from "./carrying.ts";
import type { Mode } from "./play.ts";
import { parties } from "./world.ts";

/** Without seals. */
export function withoutSeals(): Mode {
  let sealed = 0;
  const box = { current: ageKey, previous: null };
  return {
    sealing: {
      seal: (jws) => Promise.resolve(wrap(jws, ++sealed)),
      openReport: (parcel) => Promise.resolve(unwrap(parcel).jws),
      replyTo: ageKey.recipient,
    },
    carry: judging,
    boxes: parties.map(() => ({ orders: box, keyFiles: box })),
    openFirst: (_, parcel) => Promise.resolve(unwrap(parcel)),
  };
}

/** With boxes that open for their recipients alone. */
export async function withSeals(): Promise<Mode> {
  const replyTo: BoxKey = await newBoxKey("classic");
  const boxes = await Promise.all(
    parties.map(async () => ({
      orders: { current: await newBoxKey(), previous: null },
      keyFiles: { current: await newBoxKey(), previous: null },
    })),
  );
  return {
    sealing: {
      seal: sealBox,
      openReport: async (parcel) => (await openBox(parcel, { current: replyTo.identity })).jws,
      replyTo: replyTo.recipient,
    },
    carry: opening,
    boxes,
    openFirst: (party, parcel) => openBox(parcel, { current: boxes[party]?.keyFiles.current.identity ?? "" }),
  };
}
