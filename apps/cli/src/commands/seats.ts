// Who holds a seat: given to people or to everybody without one, given back, and moved to another licence.

import { licences, ProblemError, type Licence } from "@lockstep/api";
import type { UserId } from "@lockstep/core";
import type { Command } from "commander";

import { Failure, wrongUsage } from "../failure.ts";
import type { Invocation, Scope } from "../invocation.ts";
import { counted } from "../layout.ts";
import { licenceSentence, loadLicences, type LicenceList } from "../licence-names.ts";
import { typed } from "../naming.ts";
import { findPeople, loadEverybody, type Person } from "../people.ts";
import { loadTeams } from "../team-tree.ts";

/** As many people as one call takes: more ids would be too large a body. */
const mostAtOnce = 5_000;

interface Seating {
  readonly list: LicenceList;
  readonly licence: Licence;
  readonly userIds: readonly UserId[];
}

/** Too few seats: how many there are, how many it takes, and what to type. */
function exhausted({ list, licence, userIds }: Seating): Failure {
  const name = list.nameOf(licence.id);
  const free = licence.seats - licence.seatsTaken;
  const seats = licence.seatsTaken + userIds.length;
  return new Failure(
    `${name} has too few free seats: nobody was given one`,
    `${free} free, up to ${userIds.length} needed: lockstep licence edit ${typed(name)} --seats ${seats}`,
  );
}

async function assign(scope: Scope, seating: Seating): Promise<Licence> {
  const { licence, userIds } = seating;
  const params = { ...scope.params, licenceId: licence.id };
  // Of several calls the first ones would succeed, and the promise is everybody or nobody.
  const free = licence.seats - licence.seatsTaken;
  if (userIds.length > mostAtOnce && userIds.length > free) throw exhausted(seating);
  let reply = licence;
  try {
    for (let start = 0; start < userIds.length; start += mostAtOnce) {
      const body = { userIds: userIds.slice(start, start + mostAtOnce) };
      reply = await scope.call(licences.assignLicence, { params, body });
    }
    return reply;
  } catch (error) {
    throw error instanceof ProblemError && error.is("seats_exhausted") ? exhausted(seating) : error;
  }
}

async function listUnlicensed(scope: Scope, named: string): Promise<Person[]> {
  const team = (await loadTeams(scope)).pick(named).id;
  return (await loadEverybody(scope, { status: "unlicensed", team })).users;
}

async function assignLicence(
  invocation: Invocation,
  named: string,
  { texts, team }: { texts: readonly string[]; team?: string },
): Promise<void> {
  if (texts.length === 0 && team === undefined) {
    throw wrongUsage("nobody was named", "USER..., or --team TEAM for everybody in it without a licence");
  }
  const scope = await invocation.organisation();
  const list = await loadLicences(scope);
  const licence = list.pick(named);
  const people = await findPeople(scope, texts);
  const rest = team === undefined ? [] : await listUnlicensed(scope, team);
  const userIds = [...new Set([...people, ...rest].map(({ id }) => id))];
  if (userIds.length === 0) {
    throw new Failure(
      `everybody in ${team ?? ""} holds a licence`,
      "lockstep users list --status unlicensed",
    );
  }
  const reply = await assign(scope, { list, licence, userIds });
  const whom = counted(userIds.length, "person", "people");
  invocation.show(reply, () => `Gave ${whom} a seat. ${licenceSentence(reply)}`);
}

async function returnSeats(invocation: Invocation, texts: readonly string[]): Promise<void> {
  const scope = await invocation.organisation();
  const people = await findPeople(scope, texts);
  const body = { userIds: people.map(({ id }) => id) };
  const reply = await scope.call(licences.returnSeats, { params: scope.params, body });
  const [seats, keyFiles] = [counted(reply.returned, "seat"), counted(reply.keyFiles, "Key-File")];
  invocation.show(reply, () => `Took back ${seats}; posted ${keyFiles} without keys.`);
}

async function replaceLicence(invocation: Invocation, named: string, other: string): Promise<void> {
  const scope = await invocation.organisation();
  const list = await loadLicences(scope);
  const params = { ...scope.params, licenceId: list.pick(named).id };
  const reply = await scope.call(licences.replaceLicence, { params, body: { by: list.pick(other).id } });
  invocation.show(reply, () => `Moved every seat. ${licenceSentence(reply)}`);
}

export function addSeatCommands(noun: Command, invocation: Invocation): void {
  noun
    .command("assign")
    .description("Gives every one of some people a seat, or nobody. Who holds another licence changes over.")
    .argument("<licence>")
    .argument("[user...]")
    .option("--team <team>", "also everybody in it and below it who has no licence")
    .action((named: string, texts: string[], options: { team?: string }) =>
      assignLicence(invocation, named, { texts, ...options }),
    );

  noun
    .command("return")
    .description(
      [
        "Gives the seats of some people back to their licences. Workstations on which they are active",
        "are posted a Key-File without keys.",
      ].join(" "),
    )
    .argument("<user...>")
    .action((texts: string[]) => returnSeats(invocation, texts));

  noun
    .command("replace")
    .description("Moves every seat of a licence to another one, or none if that has too few.")
    .argument("<licence>")
    .argument("<by>", "the licence that takes over")
    .action((named: string, other: string) => replaceLicence(invocation, named, other));
}
