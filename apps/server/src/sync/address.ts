// Where a mailbox is at the relay, from the secret that it grows from.

import { relay } from "@lockstep/api";
import { mailboxOf, type Mailbox } from "@lockstep/keyfile";

/** 64 hexadecimal digits: the hash of the public halves of its keys. */
export async function mailboxAddress(secret: string): Promise<string> {
  return addressOf(mailboxOf(Buffer.from(secret, "base64url")));
}

/** The same for who has grown the keys. */
export async function addressOf({ read, write }: Pick<Mailbox, "read" | "write">): Promise<string> {
  return relay.mailboxOf({ readKey: read.x, writeKey: write.x });
}
