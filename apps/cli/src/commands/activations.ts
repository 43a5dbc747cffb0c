// What lets a user activate on a workstation, and what is done to the user's workstations afterwards.

import { activations, updates, type ActivationCode } from "@lockstep/api";
import type { Command } from "commander";
import { renderUnicodeCompact } from "uqr";
import type { z } from "zod";

import { oneOf, wholeNumber } from "../arguments.ts";
import type { Invocation } from "../invocation.ts";
import { counted, momentOf, paragraph, table } from "../layout.ts";
import { findPerson, userArgument, type Person } from "../people.ts";
import { findWorkstation } from "../workstation-names.ts";

type Issued = z.output<typeof activations.issueActivationCode.reply>;
type CommandKind = (typeof updates.commandKinds)[number];

/** The code to read, to click and to point a camera at. */
export function codeScreen(
  { code, link, expiresAt, hasTakenSeat }: Issued,
  { name, username }: Person,
): string {
  const seat = hasTakenSeat ? " A licence seat was taken for it." : "";
  return [
    `Code for ${name} (${username}), shown this once:`,
    "",
    `    ${code}`,
    "",
    link,
    "",
    renderUnicodeCompact(link, { ecc: "M", border: 2 }),
    "",
    paragraph("", `It activates one workstation, once, until ${momentOf(expiresAt)}.${seat}`),
    "On the workstation: lockstep-client activate CODE",
  ].join("\n");
}

async function activateUser(invocation: Invocation, text: string, body: { days?: number }): Promise<void> {
  const scope = await invocation.organisation();
  const person = await findPerson(scope, text);
  const params = { ...scope.params, userId: person.id };
  const issued = await scope.call(activations.issueActivationCode, { params, body });
  invocation.show(issued, () => codeScreen(issued, person));
}

async function voidCode(invocation: Invocation, text: string): Promise<void> {
  const scope = await invocation.organisation();
  const { id: userId, name } = await findPerson(scope, text);
  const reply = await scope.call(activations.voidActivationCode, { params: { ...scope.params, userId } });
  invocation.show(reply, () => `No code of ${name} can be used any more.`);
}

export function codesScreen(codes: readonly ActivationCode[]): string {
  if (codes.length === 0) return "None.";
  return table(
    ["ISSUED", "STATE", "UNTIL", "USED", "WORKSTATION"],
    codes.map(({ state, isOffered, issuedAt, expiresAt, usedAt, workstation }) => [
      momentOf(issuedAt),
      state === "outstanding" && !isOffered ? "waits for the relay" : state,
      momentOf(expiresAt),
      usedAt === null ? null : momentOf(usedAt),
      workstation,
    ]),
  );
}

async function listCodes(invocation: Invocation, text: string): Promise<void> {
  const scope = await invocation.organisation();
  const { id: userId } = await findPerson(scope, text);
  const reply = await scope.call(activations.listActivationCodes, { params: { ...scope.params, userId } });
  invocation.show(reply, () => codesScreen(reply.codes));
}

async function commandUser(
  invocation: Invocation,
  [text, kind]: readonly [string, CommandKind],
  options: { workstation?: string },
): Promise<void> {
  const scope = await invocation.organisation();
  const { id: userId, name } = await findPerson(scope, text);
  const one =
    options.workstation === undefined ? undefined : await findWorkstation(scope, options.workstation);
  const reply = await scope.call(updates.postCommand, {
    params: { ...scope.params, userId },
    body: { kind, ...(one === undefined ? {} : { workstationId: one.id }) },
  });
  invocation.show(
    reply,
    () =>
      `Posted ${kind} to ${one?.name ?? counted(reply.posted, "workstation")} of ${name}.\nHow far it has come: lockstep updates list --user ${text}`,
  );
}

function addCodeCommands(noun: Command, invocation: Invocation): void {
  noun
    .command("activate")
    .description(
      [
        "Issues a code with which the user activates on one workstation, and voids the one before. Who has",
        "no licence seat takes one. The code is shown this once, also as a link and to point a camera at.",
      ].join(" "),
    )
    .argument(...userArgument)
    .option(
      "--days <number>",
      "for how long it can be used, up to a year; two weeks if left out",
      wholeNumber,
    )
    .action((text: string, options: { days?: number }) => activateUser(invocation, text, options));

  noun
    .command("void-code")
    .description("Voids the outstanding code of a user, if there is one.")
    .argument(...userArgument)
    .action((text: string) => voidCode(invocation, text));

  noun
    .command("codes")
    .description("The codes that a user was ever given, newest first. The codes themselves are not kept.")
    .argument(...userArgument)
    .action((text: string) => listCodes(invocation, text));
}

export function addActivationCommands(noun: Command, invocation: Invocation): void {
  addCodeCommands(noun, invocation);

  noun
    .command("command")
    .description("Posts a command to the user's workstations: deactivate wipes Key-File and keys there.")
    .argument(...userArgument)
    .argument("<command>", updates.commandKinds.join(", "), oneOf(updates.commandKinds))
    .option("--workstation <workstation>", "only to this one")
    .action((text: string, kind: CommandKind, options: { workstation?: string }) =>
      commandUser(invocation, [text, kind], options),
    );
}
