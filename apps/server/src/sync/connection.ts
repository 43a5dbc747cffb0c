// The server's end of a relay: its account there, and the mailboxes that it and its workstations share.

import {
  ProblemError,
  relayAccount,
  relayMailbox,
  type RelayAccount,
  type RelayMailbox,
} from "@lockstep/api";
import { mailboxOf, signCapability, type Signer, type SlotUse } from "@lockstep/keyfile";

import { secondsOf, type Clock } from "../clock.ts";
import { addressOf } from "./address.ts";

/** Where the relay is, and what the server is known by there. */
export interface RelayAccess {
  /** Without a slash at its end. */
  readonly origin: string;
  readonly token: string;
}

export interface SharedMailbox extends RelayMailbox {
  readonly address: string;
  readonly slotOf: (use: SlotUse) => number;
  /** Opens it at the relay. Opening it again changes nothing. */
  readonly open: () => Promise<void>;
}

export interface Connection {
  readonly origin: string;
  readonly account: RelayAccount;
  /**
   * The mailbox that grows from a secret, in the direction seen from here.
   * @param known its address, which else takes growing two keys.
   */
  mailbox(secret: string, direction: "down" | "up", known?: string | null): Promise<SharedMailbox>;
}

export function connectionTo({ origin, token }: RelayAccess, clock: Clock): Connection {
  const account = relayAccount({ origin, token });
  return {
    origin,
    account,
    mailbox: async (secret, direction, known) => {
      const grown = mailboxOf(Buffer.from(secret, "base64url"));
      const signers: { read?: Signer; write?: Signer } = {};
      const signer = (use: "read" | "write") => (signers[use] ??= grown.signerOf(use));
      const address = known ?? (await addressOf(grown));
      const calls = relayMailbox({
        origin,
        mailbox: address,
        authorise: (request) =>
          signCapability(request, signer(request.method === "GET" ? "read" : "write"), secondsOf(clock())),
      });
      // News of what goes down is that it was fetched, of what comes up that it is there.
      const hears = direction === "down" ? "fetches" : "puts";
      const open = async () => {
        await account.open({ readKey: grown.read.x, writeKey: grown.write.x }, hears);
      };
      return { ...calls, address, slotOf: grown.slotOf, open };
    },
  };
}

/** Whether a relay says that it has no such mailbox: it is new, or its store was lost. */
export function isUnopened(error: unknown): boolean {
  if (!(error instanceof ProblemError)) return false;
  return error.code === "capability_refused" || error.code === "mailbox_not_found";
}

/** Does it, and once more after the mailbox was opened if it was not. */
export async function opening<Result>(
  mailbox: SharedMailbox,
  attempt: () => Promise<Result>,
): Promise<Result> {
  try {
    return await attempt();
  } catch (error) {
    if (!isUnopened(error)) throw error;
    await mailbox.open();
    return attempt();
  }
}
