// Invitations: an account for somebody, the mail with which it is activated, and taking it back.

import { invitations, type Account } from "@lockstep/api";
import type { Command } from "commander";

import type { Invocation } from "../invocation.ts";
import { findPerson, userArgument } from "../people.ts";

const mailWords = { waiting: "is on its way", sent: "was sent", failed: "could not be sent" } as const;

/** What became of the mail so far; without a mail server it waits. */
function mailWord({ mail }: Account): string {
  return mail === null ? "no mail was posted" : `the mail ${mailWords[mail.state]}`;
}

async function invite(
  invocation: Invocation,
  text: string,
  endpoint: typeof invitations.inviteAccount,
): Promise<void> {
  const scope = await invocation.organisation();
  const { id: userId, name, username } = await findPerson(scope, text);
  const account = await scope.call(endpoint, { params: { ...scope.params, userId } });
  const again = endpoint === invitations.resendInvitation ? " again" : "";
  invocation.show(account, () => `Invited ${name} (${username})${again}: ${mailWord(account)}.`);
}

async function withdraw(invocation: Invocation, text: string): Promise<void> {
  const scope = await invocation.organisation();
  const { id: userId, name, username } = await findPerson(scope, text);
  const params = { ...scope.params, userId };
  const account = await scope.call(invitations.withdrawInvitation, { params });
  invocation.show(account, () => `Took back the invitation of ${name} (${username}).`);
}

export function addInvitationCommands(noun: Command, invocation: Invocation): void {
  noun
    .command("invite")
    .description("Gives somebody an account, which is activated within 72 hours with the link in a mail.")
    .argument(...userArgument)
    .action((text: string) => invite(invocation, text, invitations.inviteAccount));

  noun
    .command("resend-invitation")
    .description("Sends another activation mail. The link of the former one is void.")
    .argument(...userArgument)
    .action((text: string) => invite(invocation, text, invitations.resendInvitation));

  noun
    .command("withdraw-invitation")
    .description("Takes back an account that was never activated.")
    .argument(...userArgument)
    .action((text: string) => withdraw(invocation, text));
}
