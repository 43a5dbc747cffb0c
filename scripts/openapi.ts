// The OpenAPI document of the interface, from the very endpoints that the server serves and the client calls.

import { format, resolveConfig } from "prettier";

import {
  endpoints,
  refusals,
  refusalsOf,
  replyStatusOf,
  takesBody,
  type Endpoint,
  type RefusalCode,
} from "../packages/api/src/index.ts";
import { whoMay } from "./openapi-permissions.ts";
import { Shapes, type Schema } from "./openapi-shapes.ts";
import { textOf } from "./repository.ts";

type Part = Readonly<Record<string, unknown>>;

/** What the operations are sorted by, in the order in which one meets them. */
const nouns = {
  "Signing in": "Setting up the installation, sessions, and the tokens with which programs work.",
  Standings: "How many users have each status.",
  Authorities: "The containers of organisations.",
  Organisations: "Each has teams, people, licences and keys of its own.",
  Teams: "The tree of people: what each level sets, and what a change would do.",
  Users: "People, what they should hold, and the standing that follows.",
  Accounts: "Who may sign in: blocking and unblocking, and the rules of an organisation for that.",
  Roles: "Who holds which role, and where.",
  Mails: "The server that takes mails, and how each of them has come along.",
  Imports: "People from a file, with a verdict for every row.",
  Directories: "Active Directory and LDAP: how they are read, who is in them, and the plan of every run.",
  Licences: "Pools of seats, and who holds one.",
  Keys: "Encryption keys and their versions. Their secret halves are never shown.",
  Groups: "Sets of keys, which teams and users are given.",
  "Workstation teams": "The tree of workstations: what holds where nobody is signed in.",
  Workstations: "Machines, which appear when somebody activates on them, and which keys each was sent.",
  "Activation codes": "Each lets one user activate on one workstation, once.",
  Updates: "What is posted to workstations, Key-Files and commands, and how far each has come.",
  "Proxy Sync": "How the server and its relay get on.",
  Roots: "Which keys sign for an organisation, and in which epoch.",
  Settings: "The catalogues of what a policy can say.",
  Events: "The record of changes.",
} as const;
type Noun = keyof typeof nouns;

/** By the first part of the path that names no container; by more of it for what a user has and that is no user. */
const nounOf: Readonly<Record<string, Noun>> = {
  "set-up": "Signing in",
  session: "Signing in",
  sessions: "Signing in",
  tokens: "Signing in",
  standing: "Standings",
  authorities: "Authorities",
  organisations: "Organisations",
  switch: "Organisations",
  deletion: "Organisations",
  deletions: "Organisations",
  teams: "Teams",
  impact: "Teams",
  users: "Users",
  "users/export": "Users",
  "users/:userId/activation-code": "Activation codes",
  "users/:userId/activation-codes": "Activation codes",
  "users/:userId/commands": "Updates",
  "users/:userId/account": "Accounts",
  "users/:userId/block": "Accounts",
  "deletion-requests": "Accounts",
  "users/:userId/sign-in-ways": "Signing in",
  "users/:userId/second-factor": "Signing in",
  "users/:userId/single-sign-on": "Signing in",
  "single-sign-on": "Signing in",
  "users/:userId/invitation": "Accounts",
  "users/:userId/invitation/mail": "Accounts",
  account: "Accounts",
  "account-rules": "Accounts",
  links: "Signing in",
  roles: "Roles",
  "mail-server": "Mails",
  "mail-templates": "Mails",
  mails: "Mails",
  inactivity: "Accounts",
  "users/:userId/exemption": "Accounts",
  "users/:userId/verdict": "Accounts",
  "users/block": "Accounts",
  "users/unblock": "Accounts",
  "users/invitation-mail": "Accounts",
  "account-batches": "Accounts",
  forecast: "Standings",
  imports: "Imports",
  directories: "Directories",
  "directory-links": "Directories",
  licences: "Licences",
  seats: "Licences",
  keys: "Keys",
  "key-encryption": "Keys",
  groups: "Groups",
  "workstation-teams": "Workstation teams",
  workstations: "Workstations",
  updates: "Updates",
  "key-files": "Updates",
  postings: "Updates",
  sync: "Proxy Sync",
  root: "Roots",
  settings: "Settings",
  events: "Events",
};

function tagOf(path: string): Noun {
  const container = /^\/(?:organisations\/:organisationId|authorities\/:authorityId)(?=\/)/;
  const inside = path.replace(container, "").slice(1);
  const [first = ""] = inside.split("/");
  const noun = nounOf[inside] ?? nounOf[first];
  if (noun === undefined) throw new TypeError(`no noun of scripts/openapi.ts has ${path}`);
  return noun;
}

const fixed = {
  parameters: {
    IfMatch: {
      name: "If-Match",
      in: "header",
      required: true,
      description: "The ETag of what was loaded and edited, so that nobody overwrites what was not seen.",
      schema: { type: "string", pattern: '^"[1-9][0-9]{0,8}"$' },
      example: '"3"',
    },
    IdempotencyKey: {
      name: "Idempotency-Key",
      in: "header",
      description:
        "Made up by the caller, anew for each thing to be made: a call repeated with it makes nothing twice.",
      schema: { type: "string", maxLength: 255, pattern: "^[!-~]+$" },
      example: "0b0f6c1e-6a53-4d8c-8a5e-3f1d7f1f5f0a",
    },
  },
  headers: {
    ETag: {
      description: "The revision of what is replied, for If-Match.",
      schema: { type: "string", pattern: '^"[1-9][0-9]{0,8}"$' },
      example: '"3"',
    },
  },
  securitySchemes: {
    session: {
      type: "apiKey",
      in: "cookie",
      name: "lockstep",
      description:
        "Set by signing in. Browsers send it by themselves, for pages of the server only. Over HTTPS its name is `__Host-lockstep`.",
    },
    token: {
      type: "http",
      scheme: "bearer",
      description: "Made with `makeToken`, for programs.",
    },
  },
} as const;

const problem: Schema = {
  type: "object",
  description: "How the server says no (RFC 9457). Programs go by the code; it stays for ever.",
  properties: {
    type: { type: "string", format: "uri-reference", description: "Where the code is explained." },
    title: { type: "string", description: "The refusal in a sentence for people." },
    status: { type: "integer" },
    code: { type: "string" },
    detail: {
      type: "string",
      description: "Which part of the request it was about, where one can be named.",
    },
    instance: { type: "string", description: "The request's id, by which the server's log can be searched." },
  },
  required: ["type", "title", "status", "code", "instance"],
};

function refusalResponse(status: number, codes: readonly RefusalCode[]): Part {
  const sentences = codes.map((code) => refusals[code].title);
  const code = { type: "string", enum: codes, "x-enum-descriptions": sentences };
  const properties = { status: { type: "integer", const: status }, code };
  const schema = {
    allOf: [
      { $ref: "#/components/schemas/Problem" },
      { type: "object", properties, required: ["status", "code"] },
    ],
  };
  const description = codes.map((each, at) => `- \`${each}\`: ${sentences[at] ?? ""}`).join("\n");
  return { description, content: { "application/problem+json": { schema } } };
}

/** All refusals of one status, as a component that is named after them. */
function refusalResponses(endpoint: Endpoint, responses: Record<string, Part>): Part {
  const order = Object.keys(refusals);
  const codes = [...refusalsOf(endpoint)].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const byStatus = Map.groupBy(codes, (code) => refusals[code].status);
  const references = [...byStatus].map(([status, group]) => {
    const name = group.join(".");
    responses[name] ??= refusalResponse(status, group);
    return [status, { $ref: `#/components/responses/${name}` }];
  });
  return Object.fromEntries(references) as Part;
}

function reply(endpoint: Endpoint, shapes: Shapes): Part {
  const status = replyStatusOf(endpoint);
  if (status === 204) return { 204: { description: "Done. There is nothing to reply." } };
  return {
    [status]: {
      description: status === 201 ? "Created." : "Done.",
      ...(endpoint.revisionOf ? { headers: { ETag: { $ref: "#/components/headers/ETag" } } } : {}),
      content: { "application/json": { schema: shapes.schemaOf(endpoint.reply) } },
    },
  };
}

const usualLimitBytes = 256 * 1024;

function wordsOfSize(bytes: number): string {
  const kibibytes = bytes / 1024;
  return kibibytes < 1024 ? `${kibibytes} KiB` : `${kibibytes / 1024} MiB`;
}

function operation(
  name: string,
  endpoint: Endpoint,
  parts: { shapes: Shapes; responses: Record<string, Part> },
): Part {
  const { shapes, responses } = parts;
  const { path, summary, needs, needsMatch, creates, bodyLimitBytes = usualLimitBytes } = endpoint;
  const parameters = [
    ...shapes.parametersOf(endpoint.params, "path"),
    ...shapes.parametersOf(endpoint.query, "query"),
    ...(needsMatch ? [{ $ref: "#/components/parameters/IfMatch" }] : []),
    ...(creates ? [{ $ref: "#/components/parameters/IdempotencyKey" }] : []),
  ];
  const requestBody = () => ({
    required: true,
    description: `JSON of up to ${wordsOfSize(bodyLimitBytes)}.`,
    content: { "application/json": { schema: shapes.schemaOf(endpoint.body) } },
  });
  return {
    operationId: name,
    tags: [tagOf(path)],
    summary,
    description: whoMay(endpoint),
    "x-lockstep-needs": needs,
    security: needs === "nothing" ? [] : [{ session: [] }, { token: [] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(takesBody(endpoint) ? { requestBody: requestBody() } : {}),
    responses: { ...reply(endpoint, shapes), ...refusalResponses(endpoint, responses) },
  };
}

const sorted = <Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

const description = `The whole interface of a Lockstep server: the console and the command line use nothing else.

- **Who calls.** A browser has a session, which signing in begins. A program sends a token: \`Authorization: Bearer …\`.
- **Refusals** are problem documents (RFC 9457) with a code that stays for ever. A refused request has changed nothing.
- **What is not yours does not exist.** Ids of another organisation are answered as if there were no such thing.
- **Editing.** What can be edited comes with an ETag. Send it back in \`If-Match\`; whoever was faster is not overwritten.
- **Creating.** Send an \`Idempotency-Key\`, and the call can be repeated safely.
- **Pages.** A list that has more says so in \`next\`; give it as \`after\` for the next page.`;

export function makeOpenApi(): Part {
  const parts = { shapes: new Shapes(), responses: {} };
  const paths: Record<string, Record<string, Part>> = {};
  for (const [name, endpoint] of Object.entries<Endpoint>(endpoints)) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(name, endpoint, parts) };
  }
  const { version } = JSON.parse(textOf("packages/api/package.json")) as { version: string };
  return {
    openapi: "3.1.0",
    info: {
      title: "Lockstep",
      version,
      description,
      license: { name: "Apache 2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/api/v1" }],
    tags: Object.entries(nouns).map(([name, says]) => ({ name, description: says })),
    paths,
    components: {
      schemas: sorted({ ...parts.shapes.components, Problem: problem }),
      responses: sorted(parts.responses),
      ...fixed,
    },
  };
}

export async function openApiDocument(): Promise<string> {
  const options = await resolveConfig(new URL("../packages/api/openapi.json", import.meta.url));
  return format(JSON.stringify(makeOpenApi()), { ...options, parser: "json" });
}
