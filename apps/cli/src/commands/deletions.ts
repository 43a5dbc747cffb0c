// Deletion: of the own account, by request; of organisations and authorities, with everybody in them.

import { authorities, deletions, organisations, type DeletionPreview } from "@lockstep/api";
import type { Command } from "commander";

import type { Invocation } from "../invocation.ts";
import { counted, dateOf, fields, momentOf, table } from "../layout.ts";
import { pick, typed } from "../naming.ts";
import { askSecret } from "../terminal.ts";

const askPassword = () => askSecret("your password");

async function requestDeletion(invocation: Invocation): Promise<void> {
  const { call } = invocation.connection();
  const body = { password: await askPassword() };
  const account = await call(deletions.requestDeletion, { body });
  const due = account.deletion === null ? "soon" : `on ${dateOf(account.deletion.dueAt)}`;
  invocation.show(
    account,
    () => `Your account will be deleted ${due}. To keep it: lockstep deletions withdraw`,
  );
}

async function withdrawDeletion(invocation: Invocation): Promise<void> {
  const { call } = invocation.connection();
  const account = await call(deletions.withdrawDeletion);
  invocation.show(account, () => "Your account stays.");
}

async function listRequests(invocation: Invocation): Promise<void> {
  const { call, params } = await invocation.organisation();
  const all = [];
  for (let after: string | null | undefined; after !== null;) {
    const query = { limit: 200, ...(after === undefined ? {} : { after }) };
    const page = await call(deletions.listDeletionRequests, { params, query });
    all.push(...page.requests);
    after = page.next;
  }
  const rows = all.map(({ user, requestedAt, dueAt, isLastAdministrator }) => [
    user.name,
    user.username,
    momentOf(requestedAt),
    isLastAdministrator ? "when somebody else can do the same" : momentOf(dueAt),
  ]);
  invocation.show({ requests: all }, () =>
    rows.length === 0 ? "Nobody has asked." : table(["NAME", "USERNAME", "ASKED", "DELETED"], rows),
  );
}

async function listDeletions(invocation: Invocation): Promise<void> {
  const { call } = invocation.connection();
  const reply = await call(deletions.listDeletions);
  const rows = reply.deletions.map(({ organisation, deletedAt, people, erased, wipesDue, endedAt }) => [
    organisation,
    momentOf(deletedAt),
    people === null ? "not begun" : `${erased} of ${people}`,
    wipesDue,
    endedAt === null ? null : momentOf(endedAt),
  ]);
  invocation.show(reply, () =>
    rows.length === 0
      ? "Nothing was deleted."
      : table(["ORGANISATION", "DELETED", "ERASED", "WIPES DUE", "DONE"], rows),
  );
}

function previewScreen(preview: DeletionPreview, command: string): string {
  const { name, people, accounts, administrators, workstations, seats, keys } = preview;
  const what = fields([
    ["name", name],
    ["people", `${people}, ${accounts} with an account, ${administrators} in a role`],
    ["workstations", `${workstations} to be wiped`],
    ["seats", String(seats)],
    ["keys", String(keys)],
  ]);
  const each = preview.organisations.map((one) => [
    one.name,
    one.people,
    one.keys,
    one.keysExportedAt === null ? "never" : momentOf(one.keysExportedAt),
  ]);
  const last = preview.lastElsewhere.map(
    ({ name: who, role, organisation }) => `${who} is the last ${role} of ${organisation}`,
  );
  const end =
    last.length === 0
      ? `Nothing was deleted. To delete all of it for ever: ${command} --confirm ${typed(name)}`
      : `It cannot be deleted: ${last.join(", ")}.`;
  return [what, table(["ORGANISATION", "PEOPLE", "KEYS", "RECOVERY FILE"], each), end].join("\n\n");
}

interface Confirming {
  readonly confirm?: string;
}

async function deleteOrganisation(
  invocation: Invocation,
  text: string,
  { confirm }: Confirming,
): Promise<void> {
  const { call } = invocation.connection();
  const { organisations: all } = await call(organisations.listOrganisations);
  const { id: organisationId } = pick(all, text, {
    noun: "organisation",
    place: "that you may see",
    namesOf: ({ id, name }) => [id, name],
    labelOf: ({ id }) => id,
    list: "all of them: lockstep organisations list",
  });
  const params = { organisationId };
  const preview = await call(deletions.showOrganisationDeletion, { params });
  if (confirm === undefined) {
    invocation.show(preview, () => previewScreen(preview, `lockstep organisations delete ${typed(text)}`));
    return;
  }
  const body = { name: confirm, password: await askPassword() };
  const reply = await call(deletions.deleteOrganisation, { params, body, match: preview.revision });
  invocation.show(reply, () => `Deleted ${preview.name}. How far it has come: lockstep deletions list`);
}

async function deleteAuthority(invocation: Invocation, text: string, { confirm }: Confirming): Promise<void> {
  const { call } = invocation.connection();
  const { authorities: all } = await call(authorities.listAuthorities);
  const there = all.filter(({ state }) => state === "enabled");
  const { id: authorityId } = pick(there, text, {
    noun: "authority",
    place: "of this installation",
    namesOf: ({ id, name }) => [id, name],
    labelOf: ({ id }) => id,
    list: "all of them: lockstep authorities list",
  });
  const params = { authorityId };
  const preview = await call(deletions.showAuthorityDeletion, { params });
  if (confirm === undefined) {
    invocation.show(preview, () => previewScreen(preview, `lockstep authorities delete ${typed(text)}`));
    return;
  }
  const body = { name: confirm, password: await askPassword() };
  const reply = await call(deletions.deleteAuthority, { params, body, match: preview.revision });
  invocation.show(reply, () => {
    const of = counted(preview.organisations.length, "organisation");
    return `Deleted ${preview.name} with ${of}. How far it has come: lockstep deletions list`;
  });
}

/** Under the noun of organisations. */
export function addOrganisationDeletion(noun: Command, invocation: Invocation): void {
  noun
    .command("delete")
    .description(
      "Shows everything that the deletion of an organisation concerns; with its name once more, and your password, deletes it.",
    )
    .argument("<name>")
    .option("--confirm <name>", "the exact name, to delete it for ever")
    .action((text: string, options: Confirming) => deleteOrganisation(invocation, text, options));
}

export function addAuthorityCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("authorities")
    .alias("authority")
    .description("The containers of organisations.");

  noun
    .command("list")
    .description("Every authority of the installation, by name.")
    .action(async () => {
      const { call } = invocation.connection();
      const reply = await call(authorities.listAuthorities);
      const rows = reply.authorities.map(({ name, state }) => [name, state]);
      invocation.show(reply, () => table(["NAME", "STATE"], rows));
    });

  noun
    .command("delete")
    .description(
      "Shows everything that the deletion of an authority concerns; with its name once more, and your password, deletes it.",
    )
    .argument("<name>")
    .option("--confirm <name>", "the exact name, to delete it for ever")
    .action((text: string, options: Confirming) => deleteAuthority(invocation, text, options));
}

export function addDeletionCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("deletions")
    .alias("deletion")
    .description(
      "Deletion of the own account, who else has asked for it, and what follows that of organisations.",
    );

  noun
    .command("request")
    .description("Asks for your own account to be deleted, seven days from now. Your password is asked for.")
    .action(() => requestDeletion(invocation));

  noun
    .command("withdraw")
    .description("Takes your request back: your account stays.")
    .action(() => withdrawDeletion(invocation));

  noun
    .command("requests")
    .description("Who of an organisation has asked. Nobody deletes somebody else's account.")
    .action(() => listRequests(invocation));

  noun
    .command("list")
    .description("Organisations that were deleted, and how far that has come.")
    .action(() => listDeletions(invocation));
}
