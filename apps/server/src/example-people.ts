// Who is in the example organisation, and in which state. Their names recur in tests and documents.

import type { AccountMarks, Role } from "@lockstep/core";

export const teams: readonly { readonly name: string; readonly parent: string | null }[] = [
  { name: "Northwind Air", parent: null },
  { name: "Flight Operations", parent: "Northwind Air" },
  { name: "Pilots", parent: "Flight Operations" },
  { name: "Cabin Crew", parent: "Flight Operations" },
  { name: "Finance", parent: "Northwind Air" },
  { name: "IT", parent: "Northwind Air" },
];

export interface Person {
  readonly username: string;
  readonly name: string;
  readonly team: string;
  /** Left out: holds a seat of the valid licence. */
  readonly licence?: "none" | "expired";
  readonly code?: "outstanding" | "expired";
  readonly workstations?: readonly string[];
  readonly ownKeys?: true;
  readonly directory?: "linked" | "missing";
  /** What has become of the last update that was posted. */
  readonly update?: "processed" | "half-processed" | "posted" | "rejected" | "command";
  /** Left out: active. */
  readonly account?: AccountMarks;
}

const marks = (account: AccountMarks["account"], blocked = false, disabled = false): AccountMarks => ({
  account,
  blocked,
  disabled,
});

export const people: readonly Person[] = [
  // IT: all in order.
  { username: "ada", name: "Ada Holm", team: "IT", workstations: ["WS-IT-1"], directory: "linked" },
  {
    username: "emil",
    name: "Émil Roche",
    team: "IT",
    workstations: ["WS-IT-2", "WS-IT-3"],
    directory: "linked",
  },
  { username: "ines", name: "Inês Duarte", team: "IT", workstations: ["WS-IT-4"], ownKeys: true },
  { username: "otto", name: "Otto Brandt", team: "IT", workstations: ["WS-IT-5"], update: "command" },
  // Pilots: on their way to being active.
  { username: "bo", name: "Bo Lindqvist", team: "Pilots", workstations: ["WS-FL-1"] },
  { username: "cleo", name: "Cleo Marsh", team: "Pilots", code: "outstanding", account: marks("pending") },
  { username: "dana", name: "Dana Okafor", team: "Pilots", code: "expired" },
  { username: "finn", name: "Finn Aalto", team: "Pilots", account: marks("none") },
  { username: "gus", name: "Gus Petrov", team: "Pilots", licence: "none", account: marks("none") },
  {
    username: "hana",
    name: "Hana Sato",
    team: "Pilots",
    licence: "none",
    directory: "missing",
    account: marks("none"),
  },
  { username: "ivo", name: "Ivo Novak", team: "Pilots", licence: "expired", workstations: ["WS-FL-2"] },
  { username: "june", name: "June Abara", team: "Pilots", workstations: ["WS-FL-3"], directory: "missing" },
  // Cabin Crew: their policy changed three days ago.
  { username: "kai", name: "Kai Berger", team: "Cabin Crew", workstations: ["WS-CC-1"] },
  {
    username: "lena",
    name: "Lena Fischer",
    team: "Cabin Crew",
    workstations: ["WS-CC-2"],
    update: "processed",
  },
  { username: "milo", name: "Milo Costa", team: "Cabin Crew", workstations: ["WS-CC-3"], update: "posted" },
  {
    username: "nora",
    name: "Nora Lund",
    team: "Cabin Crew",
    workstations: ["WS-CC-4", "WS-CC-5"],
    update: "half-processed",
  },
  { username: "pia", name: "Pia Moreau", team: "Cabin Crew", workstations: ["WS-CC-6"], update: "rejected" },
  {
    username: "quinn",
    name: "Quinn Adeyemi",
    team: "Cabin Crew",
    workstations: ["WS-CC-7"],
    directory: "missing",
  },
  // Finance: their key was rotated two days ago.
  { username: "rosa", name: "Rosa Vidal", team: "Finance", workstations: ["WS-FI-1"] },
  { username: "sven", name: "Sven Aas", team: "Finance", workstations: ["WS-FI-2"], update: "processed" },
  { username: "tara", name: "Tara Nair", team: "Finance", workstations: ["WS-FI-3"], update: "posted" },
  {
    username: "uma",
    name: "Uma Castell",
    team: "Finance",
    workstations: ["WS-FI-4"],
    ownKeys: true,
    update: "processed",
  },
  // Accounts in every state.
  {
    username: "vera",
    name: "Vera Simic",
    team: "Finance",
    workstations: ["WS-FI-5"],
    account: marks("active", true),
  },
  {
    username: "wim",
    name: "Wim de Vries",
    team: "Finance",
    workstations: ["WS-FI-6"],
    update: "processed",
    account: marks("active", false, true),
  },
  {
    username: "xara",
    name: "Xara Quint",
    team: "Pilots",
    licence: "none",
    account: marks("active", true, true),
  },
  { username: "yan", name: "Yan Zhou", team: "Pilots", licence: "none", account: marks("pending", true) },
  { username: "zoe", name: "zoe", team: "Pilots", licence: "none", account: marks("deleted") },
];

/** Somebody whose workstations are alive: a program simulates them. */
export interface LivePerson {
  readonly username: string;
  readonly name: string;
  readonly team: "Ground Operations" | "Ramp";
  readonly workstations?: readonly { readonly name: string; readonly isOffline?: true }[];
  readonly ownKeys?: true;
  /** Has a code that nobody has used. */
  readonly hasCode?: true;
  /** Is posted a Key-File after the policy of Ramp has changed. */
  readonly isPosted?: true;
}

/** They come in addition when somebody starts the example to look around in. The policy of Ramp changes last. */
export const livePeople: readonly LivePerson[] = [
  { username: "anna", name: "Anna Berg", team: "Ground Operations", workstations: [{ name: "WS-GO-1" }] },
  {
    username: "ben",
    name: "Ben Carter",
    team: "Ground Operations",
    workstations: [{ name: "WS-GO-2" }],
    ownKeys: true,
  },
  {
    username: "clara",
    name: "Clara Stone",
    team: "Ramp",
    workstations: [{ name: "WS-RA-1" }, { name: "WS-RA-2", isOffline: true }],
    isPosted: true,
  },
  { username: "david", name: "David Young", team: "Ramp", workstations: [{ name: "WS-RA-3" }] },
  {
    username: "emma",
    name: "Emma Wood",
    team: "Ramp",
    workstations: [{ name: "WS-RA-4" }, { name: "WS-RA-5" }],
  },
  { username: "frank", name: "Frank Miller", team: "Ramp", hasCode: true },
  { username: "grace", name: "Grace Turner", team: "Ground Operations" },
];

/** Where a role holds in the example: the organisation, or the office of the authority or of the installation. */
export type Place = "organisation" | "authority" | "installation";

export interface Administrator {
  readonly username: string;
  readonly name: string;
  /** Where the person lives; who lives in the organisation is one of `people`. */
  readonly home: Place;
  readonly roles: readonly (readonly [Exclude<Role, "user" | "system">, Place])[];
}

/** Everybody who can sign in to the example, in every role. */
export const administrators: readonly Administrator[] = [
  {
    username: "mia",
    name: "Mia Holt",
    home: "installation",
    roles: [
      ["system-administrator", "installation"],
      ["authority-administrator", "authority"],
      ["organisation-manager", "organisation"],
    ],
  },
  {
    username: "sol",
    name: "Sol Ferrer",
    home: "installation",
    roles: [["system-administrator", "installation"]],
  },
  {
    username: "noor",
    name: "Noor Haddad",
    home: "authority",
    roles: [["authority-administrator", "authority"]],
  },
  {
    username: "ada",
    name: "Ada Holm",
    home: "organisation",
    roles: [["organisation-manager", "organisation"]],
  },
  { username: "emil", name: "Émil Roche", home: "organisation", roles: [["helpdesk", "organisation"]] },
  { username: "ines", name: "Inês Duarte", home: "organisation", roles: [] },
];

export const exampleDomain = "northwind.example";

/** Known to everybody who reads this, so the example is served to its own machine only. */
export const examplePassword = "fly northwind air";

export const exampleAdministrator = { username: `mia@${exampleDomain}`, password: examplePassword };

/** Why those who are blocked in the example are. */
export const exampleBlock = {
  role: "organisation-manager",
  reason: "Left the company",
  userReason: "You have left",
  until: null,
} as const;

/** What the timeline tells of the marks on an account. */
export function toldOfMarks({ account, blocked, disabled }: AccountMarks) {
  return [
    ...(disabled ? (["account-disabled"] as const) : []),
    ...(blocked ? (["account-blocked"] as const) : []),
    ...(account === "deleted" ? (["account-deleted"] as const) : []),
  ];
}
