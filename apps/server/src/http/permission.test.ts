// Every endpoint against everybody, from the endpoint's own data: nobody signed in, and each role, on the own
// organisation and on one of another authority.

import { authorities, endpoints, organisations, refusals } from "@lockstep/api";
import { actions, can, type Actor, type Role, type Target } from "@lockstep/core";
import { beforeAll, expect, test } from "vitest";

import { exampleName } from "../example.ts";
import { digestOf, useExampleApp, type Sent } from "./testing/app.ts";
import { pathOf, placeOf, specimens, type EndpointName, type Place } from "./testing/specimens.ts";

const example = useExampleApp();

/** One person for each role, and the only role that the person has besides `user`. */
const people = {
  "system-administrator": "sol",
  "authority-administrator": "noor",
  "organisation-manager": "ada",
  helpdesk: "emil",
  user: "ines",
} as const satisfies Partial<Record<Role, string>>;

type Person = keyof typeof people;
const names = Object.keys(endpoints) as EndpointName[];
const roles = Object.keys(people) as Person[];
let own: Place;
let foreign: Place;

beforeAll(async () => {
  const mia = await example.callAs("mia");
  const all = (await mia(organisations.listOrganisations)).organisations;
  const ours = all.find(({ name }) => name === exampleName);
  if (ours === undefined) throw new Error("the example has an organisation");
  own = await placeOf(await example.callAs("ada"), ours.id);
  const other = await mia(authorities.createAuthority, { body: { name: "Accident Board" } });
  // Only its own administrator may make an organisation of it, and it has none yet: its office stands for one.
  foreign = { ...(await placeOf(await example.callAs("sol"), other.officeId)), authorityId: other.id };
});

/** Beyond the gate a surplus parameter is the first thing that is refused, whatever the endpoint does. */
async function knock(name: EndpointName, place: Place, role: Person): Promise<Sent> {
  const specimen = specimens[name](place);
  const path = pathOf(name, { ...specimen, query: { surplus: "1" } });
  const token = await example.tokenOf(people[role]);
  return example.send(endpoints[name].method, path, {
    body: specimen.body,
    token,
    headers: { "if-match": '"1"' },
  });
}

/** Let in; told that the role may not; told that there is nothing. */
function verdictOf({ body: { code = "" } }: Sent): string {
  const verdicts: Record<string, string> = {
    malformed_request: "yes",
    permission_denied: "no",
    organisation_not_found: "unseen",
    authority_not_found: "unseen",
  };
  return verdicts[code] ?? code;
}

test("endpoints.table.txt says for every endpoint whom it answers, in the own organisation and elsewhere", async () => {
  const rows: string[] = [];
  for (const name of names) {
    const cells: string[] = [];
    for (const role of roles) {
      const [here, there] = [await knock(name, own, role), await knock(name, foreign, role)].map(verdictOf);
      cells.push((here === there ? String(here) : `${String(here)} / ${String(there)}`).padEnd(26));
    }
    rows.push(`${name.padEnd(24)} ${endpoints[name].needs.padEnd(26)}${cells.join("")}`.trimEnd());
  }
  const head = `${"".padEnd(51)}${roles.map((role) => role.padEnd(26)).join("")}`.trimEnd();
  await expect(`${[head, ...rows].join("\n")}\n`).toMatchFileSnapshot("./endpoints.table.txt");
});

/** What core says of somebody with one role, who is nothing else but a user of the own organisation. */
function isAllowed(name: EndpointName, place: Place, role: Person): boolean {
  const needs = actions.find((action) => action === endpoints[name].needs);
  if (needs === undefined) return true;
  const params = specimens[name](place).params ?? {};
  const isOwn = place === own;
  const target: Target = {
    userId: typeof params["userId"] === "string" ? params["userId"] : null,
    organisationId: typeof params["organisationId"] === "string" ? params["organisationId"] : null,
    authorityId: "organisationId" in params || "authorityId" in params ? place.authorityId : null,
    office: isOwn || !("organisationId" in params) ? "none" : "authority",
    isLastAdministrator: false,
  };
  const home: Record<Person, Pick<Actor, "organisationId" | "authorityId">> = {
    "system-administrator": { organisationId: "installation office", authorityId: null },
    "authority-administrator": { organisationId: "authority office", authorityId: own.authorityId },
    "organisation-manager": own,
    helpdesk: own,
    user: own,
  };
  const userId = `${role} of the example`;
  const { organisationId, authorityId } = home[role];
  const asUser = { role: "user", userId, organisationId, authorityId } as const;
  return [asUser, { ...asUser, role }].some((actor) => can(actor, needs, target).allowed);
}

test.each(names)("INV-21: %s lets in whom the permission matrix lets in, and nobody else", async (name) => {
  for (const role of roles) {
    for (const place of [own, foreign]) {
      const isIn = verdictOf(await knock(name, place, role)) === "yes";
      expect(isIn, `${role} ${place === own ? "here" : "elsewhere"}`).toBe(isAllowed(name, place, role));
    }
  }
});

test.each(names)(
  "INV-21: %s is closed to whoever is not signed in, and opens to no invented token",
  async (name) => {
    const specimen = specimens[name](own);
    const ask = (token?: string) =>
      example.send(endpoints[name].method, pathOf(name, specimen), {
        body: specimen.body,
        headers: { "if-match": '"1"' },
        ...(token === undefined ? {} : { token }),
      });
    const real = await example.tokenOf("ada");
    const invented = `${real.slice(0, -8)}AAAAAAAA`;
    for (const token of [undefined, invented, "lockstep_", "nonsense"]) {
      const { status, body } = await ask(token);
      if (endpoints[name].needs === "nothing") expect(body.code).not.toBe("sign_in_required");
      else expect({ status, code: body.code }).toEqual({ status: 401, code: "sign_in_required" });
    }
  },
);

test("INV-21: whoever is refused has changed nothing, with the same calls that others could make", async () => {
  const before = await digestOf(example.database);
  for (const name of names) {
    for (const role of roles) {
      for (const place of [own, foreign]) {
        if (isAllowed(name, place, role)) continue;
        const specimen = specimens[name](place);
        const token = await example.tokenOf(people[role]);
        const sending = { body: specimen.body, token, headers: { "if-match": '"1"' } };
        const { status, body } = await example.send(endpoints[name].method, pathOf(name, specimen), sending);
        expect([403, 404], `${name} by ${role}`).toContain(status);
        expect(body["title"]).toBe(refusals[body.code as keyof typeof refusals].title);
      }
    }
  }
  expect(await digestOf(example.database)).toEqual(before);
});

test("INV-21: an organisation out of sight and one that does not exist get the same answer", async () => {
  const token = await example.tokenOf("ada");
  const nowhere = "018f0000-0000-7000-8000-000000000000";
  for (const name of names.filter((each) => endpoints[each].path.includes(":organisationId"))) {
    const ask = (organisationId: string) => {
      const specimen = specimens[name]({ ...own, organisationId });
      const sending = { body: specimen.body, token, headers: { "if-match": '"1"' } };
      return example.send(endpoints[name].method, pathOf(name, specimen), sending);
    };
    const [hidden, missing] = [await ask(foreign.organisationId), await ask(nowhere)];
    expect(hidden.status).toBe(404);
    expect({ ...hidden.body, instance: "" }).toEqual({ ...missing.body, instance: "" });
  }
});

test("INV-21: the own id is somebody's only at home: elsewhere it opens nothing", async () => {
  const token = await example.tokenOf("ines");
  const { body: me } = await example.send("GET", "/session", { token });
  const { id } = me["user"] as { id: string };
  const show = (organisationId: string) =>
    example.send("GET", `/organisations/${organisationId}/users/${id}/standing`, { token });
  expect(await show(own.organisationId)).toMatchObject({ status: 200 });
  expect(await show(foreign.organisationId)).toMatchObject({
    status: 404,
    body: { code: "organisation_not_found" },
  });
});
