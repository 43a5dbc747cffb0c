// Who may call an endpoint, in words, from the table of permissions.

import type { Endpoint } from "../packages/api/src/index.ts";
import { permissions, type Guard, type Role, type Scope } from "../packages/core/src/index.ts";

/** Without the product itself, which calls no endpoint. */
const people: Readonly<Record<Exclude<Role, "system">, string>> = {
  "system-administrator": "system administrators",
  "authority-administrator": "authority administrators",
  "organisation-manager": "organisation managers",
  helpdesk: "the helpdesk",
  user: "everybody",
};

const places: Readonly<Record<Scope, string>> = {
  installation: "everywhere",
  offices: "in the offices of the installation and of authorities",
  authority: "in their authority",
  organisation: "in their organisation",
  self: "about themselves",
};

const exceptions: Readonly<Record<Guard, string>> = {
  "not-self": "Nobody may do it to themselves.",
  "not-last-administrator": "Nobody may do it to the last administrator.",
  "not-set-above": "Where blocks are strict, nobody may do it to whom a higher role has blocked.",
  "only-below":
    "Nobody may do it to whoever holds the same role or a higher one; system administrators may, to each other.",
};

const list = (words: readonly string[]) => words.join(", ").replace(/, ([^,]+)$/, " and $1");

/** "Who may: authority administrators in their authority; …" */
export function whoMay({ needs, path }: Pick<Endpoint, "needs" | "path">): string {
  if (needs === "nothing") return "Who may: everybody, without signing in.";
  if (needs === "sign-in") return "Who may: everybody who is signed in.";
  const { grants, guards = [] }: { grants: Partial<Record<Role, Scope>>; guards?: readonly Guard[] } =
    permissions[needs];
  // What is about nobody in particular can be about nobody's self.
  const isAboutSomebody = /:(user|holder)Id/.test(path);
  const those = Object.keys(places).flatMap((scope) => {
    if (scope === "self" && !isAboutSomebody) return [];
    const roles = Object.entries(people).filter(([role]) => grants[role as Role] === scope);
    return roles.length === 0 ? [] : [`${list(roles.map(([, words]) => words))} ${places[scope as Scope]}`];
  });
  const except = isAboutSomebody ? guards.map((guard) => exceptions[guard]) : [];
  return [`Who may: ${those.join("; ")}.`, ...except, `The permission is \`${needs}\`.`].join(" ");
}
