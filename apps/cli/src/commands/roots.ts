// The organisation's root: the keys that sign for it, and what only the root holder's key may change.

import { roots, type Root } from "@lockstep/api";
import type { Command } from "commander";

import { wholeNumber } from "../arguments.ts";
import type { Invocation, Scope } from "../invocation.ts";
import { dateOf, fields, table } from "../layout.ts";

const holderWords: Record<Root["holder"], string> = {
  present: "on the server",
  away: "away",
  wrong: "on the server, but cannot be used or is another key's",
};

const roleWords: Record<Root["keys"][number]["role"], string> = {
  root: "root holder: signs roots",
  issuer: "issuer: signs Key-Files and orders",
  pulse: "pulse: signs that the server is there",
};

function rootScreen({ version, epoch, expiresAt, keys, holder, exportedAt }: Root): string {
  return [
    fields([
      ["version", String(version)],
      ["epoch", String(epoch)],
      ["expires", dateOf(expiresAt)],
      ["root holder's key", holderWords[holder]],
      ["key files copied", exportedAt === null ? "nobody has confirmed it" : dateOf(exportedAt)],
    ]),
    "",
    table(
      ["KEY", "SINCE", "THUMBPRINT"],
      keys.map(({ role, madeAt, kid }) => [roleWords[role], dateOf(madeAt), kid]),
    ),
  ].join("\n");
}

async function showRoot(invocation: Invocation): Promise<void> {
  const { call, params } = await invocation.organisation();
  const root = await call(roots.showRoot, { params });
  invocation.show(root, () => rootScreen(root));
}

/** Signs a new version, made from the one that is there now. */
async function sign(
  invocation: Invocation,
  next: (scope: Scope, match: number) => Promise<Root>,
  done: (root: Root) => string,
): Promise<void> {
  const scope = await invocation.organisation();
  const { version } = await scope.call(roots.showRoot, { params: scope.params });
  const root = await next(scope, version);
  invocation.show(root, () => done(root));
}

interface Raising {
  readonly epochSeen?: number;
  readonly versionSeen?: number;
}

function raiseEpoch(invocation: Invocation, body: Raising): Promise<void> {
  return sign(
    invocation,
    ({ call, params }, match) => call(roots.raiseEpoch, { params, match, body }),
    ({ epoch, version }) => `Epoch ${epoch} has begun, with version ${version} of the root.`,
  );
}

function rotateIssuer(invocation: Invocation): Promise<void> {
  return sign(
    invocation,
    ({ call, params }, match) => call(roots.rotateIssuer, { params, match }),
    ({ version }) => `A new key signs Key-Files and orders, from version ${version} of the root on.`,
  );
}

function rotatePulse(invocation: Invocation): Promise<void> {
  return sign(
    invocation,
    ({ call, params }, match) => call(roots.rotatePulse, { params, match }),
    ({ version }) => `A new key signs pulses, from version ${version} of the root on.`,
  );
}

function renewRoot(invocation: Invocation): Promise<void> {
  return sign(
    invocation,
    ({ call, params }, match) => call(roots.renewRoot, { params, match }),
    ({ version, expiresAt }) => `Version ${version} of the root is good until ${dateOf(expiresAt)}.`,
  );
}

async function confirmExport(invocation: Invocation): Promise<void> {
  const { call, params } = await invocation.organisation();
  const root = await call(roots.confirmExport, { params });
  invocation.show(root, () => "Noted that the key files were copied to a safe place.");
}

export function addRootCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("root")
    .description("The organisation's root: which keys sign for it, and in which epoch.");

  noun
    .command("show")
    .description("The keys that sign, how old they are, and whether the root holder's key is on the server.")
    .action(() => showRoot(invocation));

  noun
    .command("raise-epoch")
    .description(
      [
        "Begins a new epoch, so that workstations accept what the server signs though they have seen later",
        "versions. Needed after the database was restored from a backup.",
      ].join(" "),
    )
    .option("--epoch-seen <number>", "the highest epoch that any workstation has reported", wholeNumber)
    .option(
      "--version-seen <number>",
      "the highest version of the root that any workstation has",
      wholeNumber,
    )
    .action((raising: Raising) => raiseEpoch(invocation, raising));

  noun
    .command("rotate-issuer")
    .description("Makes a new key for Key-Files and orders; what the former one signs is refused.")
    .action(() => rotateIssuer(invocation));

  noun
    .command("rotate-pulse")
    .description("Makes a new key for pulses; what the former one signs is refused.")
    .action(() => rotatePulse(invocation));

  noun
    .command("renew")
    .description("Signs the root again as it is, for another two years.")
    .action(() => renewRoot(invocation));

  noun
    .command("confirm-export")
    .description("Notes that the two key files were copied to a safe place, apart from the database.")
    .action(() => confirmExport(invocation));
}
