// Where a mailbox is at the relay, from the secret that it grows from.

import { relay } from "@lockstep/api";
import { mailboxOf } from "@lockstep/keyfile";

/** 64 hexadecimal digits: the hash of the public halves of its keys. */
export async function mailboxAddress(secret: string): Promise<string> {
  const { read, write } = mailboxOf(Buffer.from(secret, "base64url"));
  return relay.mailboxOf({ readKey: read.x, writeKey: write.x });
}
