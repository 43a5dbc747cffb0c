// The provider by which people of an organisation sign in, and what a user signs in with beside the password.

import { secondFactors, singleSignOn, type SingleSignOn } from "@lockstep/api";
import type { Command } from "commander";

import { oneOf } from "../arguments.ts";
import { wrongUsage } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { counted, fields, momentOf } from "../layout.ts";
import { findPerson, userArgument } from "../people.ts";
import { askSecret } from "../terminal.ts";

function connectionScreen({ connection, returnAddress, linked }: SingleSignOn): string {
  const toRegister = ["return address", returnAddress] as const;
  if (connection === null) return `No provider.\n\n${fields([toRegister])}`;
  const { name, shortName, issuer, clientId, claim, isOn } = connection;
  return fields([
    ["provider", name],
    ["signs in", isOn ? "yes" : "no, it is switched off"],
    ["issuer", issuer],
    ["client", clientId],
    ["username", `is its ${claim}`],
    ["short name", shortName],
    ["linked", counted(linked, "user", "users")],
    toRegister,
  ]);
}

interface Settings {
  readonly name?: string;
  readonly shortName?: string;
  readonly issuer?: string;
  readonly client?: string;
  readonly claim?: (typeof singleSignOn.singleSignOnClaims)[number];
  readonly secret?: true;
  readonly on?: true;
  readonly off?: true;
}

const first = { claim: "preferred_username", isOn: true } as const;

/** What is not named stays; of a new one everything is named. */
function settingsFrom(settings: Settings, former: SingleSignOn) {
  const { name, shortName, issuer, client: clientId, claim, on, off } = settings;
  const isOn = on ?? (off === true ? false : undefined);
  const changes = Object.entries({ name, shortName, issuer, clientId, claim, isOn }).filter(
    ([, value]) => value !== undefined,
  );
  const given = { ...(former.connection ?? first), ...Object.fromEntries(changes) };
  const parsed = singleSignOn.setSingleSignOn.body.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues[0]?.path.join(".") ?? "it";
  throw wrongUsage(
    `the settings are not complete, or not right: ${wrong}`,
    "a new provider needs --name, --short-name, --issuer and --client",
  );
}

async function setConnection(invocation: Invocation, settings: Settings): Promise<void> {
  const { call, params } = await invocation.organisation();
  const former = await call(singleSignOn.showSingleSignOn, { params });
  const given = settingsFrom(settings, former);
  const isAsked = settings.secret === true || former.connection === null;
  const body = isAsked ? { ...given, clientSecret: await askSecret("client secret") } : given;
  const saved = await call(singleSignOn.setSingleSignOn, { params, match: former.revision, body });
  invocation.show(saved, () => connectionScreen(saved));
}

async function testIssuer(invocation: Invocation, issuer: string): Promise<void> {
  const { call, params } = await invocation.organisation();
  const tried = await call(singleSignOn.testSingleSignOn, { params, body: { issuer } });
  invocation.show(tried, () => {
    const { failure, found } = tried;
    if (found === null) return `It cannot be used. ${failure?.sentence ?? ""}`.trim();
    return fields([
      ["signs in at", found.authorizationAddress],
      ["keys", String(found.keys)],
      ["claims", found.claims.length === 0 ? "it does not say" : found.claims.join(", ")],
    ]);
  });
}

export function addSingleSignOnCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("single-sign-on")
    .description("The provider (OpenID Connect) by which people of an organisation sign in.");

  noun
    .command("show")
    .description("Which provider it is, and the address to register there.")
    .action(async () => {
      const { call, params } = await invocation.organisation();
      const shown = await call(singleSignOn.showSingleSignOn, { params });
      invocation.show(shown, () => connectionScreen(shown));
    });

  noun
    .command("set")
    .description("Says which provider it is. What is not named stays.")
    .option("--name <name>", "what it is called, on the button too")
    .option("--short-name <name>", "by what people say which provider they mean")
    .option("--issuer <url>", "its address, as it writes it itself")
    .option("--client <id>", "what this server is called there")
    .option("--secret", "ask for the client secret anew, or read it from standard input")
    .option(
      "--claim <claim>",
      `which is the username: ${singleSignOn.singleSignOnClaims.join(" or ")}`,
      oneOf(singleSignOn.singleSignOnClaims),
    )
    .option("--on", "it lets people in")
    .option("--off", "it lets nobody in")
    .action((settings: Settings) => setConnection(invocation, settings));

  noun
    .command("test")
    .description("Asks a provider what it offers. Nothing is saved.")
    .argument("<url>", "its issuer")
    .action((issuer: string) => testIssuer(invocation, issuer));

  noun
    .command("remove")
    .description("Forgets the provider, and who everybody is there.")
    .action(async () => {
      const { call, params } = await invocation.organisation();
      const reply = await call(singleSignOn.removeSingleSignOn, { params });
      const unlinked = counted(reply.unlinked, "user", "users");
      invocation.show(reply, () => `Forgot the provider, and who ${unlinked} were there.`);
    });
}

async function showWays(invocation: Invocation, text: string): Promise<void> {
  const { call, params, person } = await found(invocation, text);
  const ways = await call(secondFactors.showSignInWays, { params });
  const { secondFactor: factor, singleSignOn: known } = ways;
  invocation.show(ways, () =>
    fields([
      ["user", `${person.name} (${person.username})`],
      ["second factor", factor === null ? "none" : `since ${momentOf(factor.since)}`],
      [
        "at the provider",
        known === null ? "never came by it" : `${known.subject} since ${momentOf(known.since)}`,
      ],
    ]),
  );
}

async function found(invocation: Invocation, text: string) {
  const scope = await invocation.organisation();
  const person = await findPerson(scope, text);
  return { call: scope.call, params: { ...scope.params, userId: person.id }, person };
}

/** Of one user, beside the other verbs for accounts. */
export function addSignInWayCommands(noun: Command, invocation: Invocation): void {
  noun
    .command("sign-in-ways")
    .description("With what a user signs in beside the password.")
    .argument(...userArgument)
    .action((text: string) => showWays(invocation, text));

  noun
    .command("reset-second-factor")
    .description("Takes the second factor away from somebody who has lost it. Every session and token ends.")
    .argument(...userArgument)
    .action(async (text: string) => {
      const { call, params, person } = await found(invocation, text);
      const reply = await call(secondFactors.resetSecondFactor, { params });
      const whom = `${person.name} (${person.username})`;
      invocation.show(reply, () => `${whom} signs in without a second factor now.`);
    });

  noun
    .command("unlink-single-sign-on")
    .description("Forgets who a user is at the provider.")
    .argument(...userArgument)
    .action(async (text: string) => {
      const { call, params, person } = await found(invocation, text);
      const reply = await call(singleSignOn.unlinkSingleSignOn, { params });
      invocation.show(reply, () => `Forgot who ${person.name} (${person.username}) is at the provider.`);
    });
}
