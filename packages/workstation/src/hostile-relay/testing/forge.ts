// What the relay and thieves put together: nothing of it was signed by the organisation for this workstation.

import { signKeyFile, signOrders, signRoot, type Root, type Signer } from "@lockstep/keyfile";

import type { Organisation, Slot } from "./organisation.ts";
import { issuerOf, orderId, remembering, rootWith, signers } from "./world.ts";
import type { Workstation } from "./workstation.ts";

/** Who signs, and by how much the epoch is raised. */
interface Forger {
  readonly by: Signer;
  readonly epoch: number;
  readonly roots?: readonly string[];
}

const usurped = remembering<string>();

/** The next root, by a holder whom nobody made one. */
function usurpedRoot({ version, epoch }: Root): string {
  return usurped(`${version} ${epoch}`, () =>
    signRoot(rootWith(version + 1, epoch, thief, "stranger"), signers.stranger),
  );
}

// An issuer that no root of the organisation names.
const thief = 7;

function forgersFor(organisation: Organisation, { disk }: Workstation): readonly Forger[] {
  const isRetired = !disk.device.state.root.roles.issuer.kids.includes(issuerOf(0).kid);
  return [
    { by: { kid: organisation.issuer.kid, sign: signers.stranger.sign }, epoch: 0 },
    { by: signers.stranger, epoch: 0 },
    { by: signers.pulse, epoch: 0 },
    // A thief of the issuer's key may sign what it likes, and begins no epoch.
    { by: organisation.issuer, epoch: 1 },
    { by: issuerOf(thief), epoch: 0, roots: [usurpedRoot(disk.device.state.root)] },
    ...(isRetired ? [{ by: issuerOf(0), epoch: 0 }] : []),
  ];
}

/** A Key-File or orders just above what the workstation holds. */
export function forged(
  organisation: Organisation,
  workstation: Workstation,
  { first, second }: { readonly first: number; readonly second: number },
): { slot: Slot; jws: string; recipient: string } {
  const { party, disk } = workstation;
  const { state, nextBox, ordersBox } = disk.device;
  const forgers = forgersFor(organisation, workstation);
  const { by, epoch, roots } = forgers[second % forgers.length] ?? { by: signers.stranger, epoch: 0 };
  const brought = roots === undefined ? {} : { roots: [...roots] };
  const above = Math.max(state.root.epoch, organisation.database.root.epoch) + epoch;
  if (first % 3 > 0) {
    const ver = (state.key_file?.version ?? 0) + 1 + (first % 2);
    const keyFile = { ...organisation.keyFile(party, ver, 5), ...brought, epoch: above };
    return { slot: "key-file", jws: signKeyFile(keyFile, by), recipient: nextBox };
  }
  const orders = {
    ...organisation.addressed(party),
    ...brought,
    epoch: above,
    cver: (state.orders?.version ?? 0) + 1,
    locked: true,
    outstanding: [{ id: orderId(0xffffff), kind: "lock" as const, args: {} }],
  };
  return { slot: "orders", jws: signOrders(orders, by), recipient: ordersBox.current.recipient };
}
