import { expect, test } from "vitest";

import {
  actions,
  can,
  canAppoint,
  holdsIn,
  isAtOrAbove,
  relations,
  roles,
  type Actor,
  type Place,
  type Relation,
  type Target,
} from "./permissions.ts";

const actor: Actor = {
  role: "organisation-manager",
  userId: "mia",
  organisationId: "north-wind",
  authorityId: "civil-aviation",
};

const somebody: Target = {
  userId: "bo",
  organisationId: "north-wind",
  authorityId: "civil-aviation",
  office: "none",
  isLastAdministrator: false,
};

/** A target that stands to the actor in each relation. */
const targets: Record<Relation, Target> = {
  self: { ...somebody, userId: "mia" },
  "own-organisation": somebody,
  "own-authority-office": { ...somebody, organisationId: "civil-aviation-office", office: "authority" },
  "own-authority": { ...somebody, organisationId: "south-wind" },
  "installation-office": {
    ...somebody,
    organisationId: "installation-office",
    authorityId: "installation",
    office: "installation",
  },
  "other-authority-office": {
    ...somebody,
    organisationId: "accident-board-office",
    authorityId: "accident-board",
    office: "authority",
  },
  elsewhere: { ...somebody, organisationId: "east-wind", authorityId: "accident-board" },
};

test("permissions.table.txt says for every role and action whom it reaches", async () => {
  const head = `${"".padEnd(50)}${relations.map((relation) => relation.padEnd(24)).join("")}`.trimEnd();
  const rows = actions.flatMap((action) =>
    roles.map((role) => {
      const cells = relations.map((relation) => {
        const { allowed, rule } = can({ ...actor, role }, action, targets[relation]);
        return (allowed ? "yes" : `no ${rule}`).padEnd(24);
      });
      return `${action.padEnd(25)} ${role.padEnd(24)}${cells.join("")}`.trimEnd();
    }),
  );
  await expect(`${[head, ...rows].join("\n")}\n`).toMatchFileSnapshot("./permissions.table.txt");
});

test("a manager blocks people of the own organisation, never the own account", () => {
  expect(can(actor, "block-account", targets["own-organisation"])).toEqual({
    allowed: true,
    rule: "granted",
  });
  expect(can(actor, "block-account", targets.self)).toEqual({ allowed: false, rule: "not-self" });
  expect(can(actor, "block-account", targets["own-authority"])).toEqual({
    allowed: false,
    rule: "out-of-scope",
  });
});

test("the last administrator of a scope cannot be blocked", () => {
  const last = { ...somebody, isLastAdministrator: true };
  expect(can(actor, "block-account", last)).toEqual({ allowed: false, rule: "not-last-administrator" });
});

test("where blocks are strict, whoever set one is not overruled from below", () => {
  const blocked = (blockedBy: Target["blockedBy"]) => ({ ...somebody, ...(blockedBy && { blockedBy }) });
  const as = (role: Actor["role"]) => ({ ...actor, role });
  for (const action of ["block-account", "unblock-account"] as const) {
    const verdicts = (["organisation-manager", "authority-administrator"] as const).map((role) =>
      [undefined, "organisation-manager" as const, "authority-administrator" as const].map(
        (setBy) => can(as(role), action, blocked(setBy)).rule,
      ),
    );
    expect(verdicts).toEqual([
      ["granted", "granted", "not-set-above"],
      ["granted", "granted", "granted"],
    ]);
  }
});

test("a second factor is reset from above, and among system administrators by another one", () => {
  const verdict = (role: Actor["role"], holds: Actor["role"] | undefined) =>
    can({ ...actor, role }, "reset-second-factor", { ...somebody, ...(holds && { holds }) }).rule;
  const ranks = [undefined, "helpdesk", "organisation-manager", "authority-administrator"] as const;
  expect(ranks.map((holds) => verdict("organisation-manager", holds))).toEqual([
    "granted",
    "granted",
    "only-below",
    "only-below",
  ]);
  expect(ranks.map((holds) => verdict("authority-administrator", holds)).slice(2)).toEqual([
    "granted",
    "only-below",
  ]);
  expect(verdict("system-administrator", "system-administrator")).toBe("granted");
});

test("no administrator of any kind sets or clears disabled, or deletes one account", () => {
  for (const role of roles.filter((name) => name !== "system")) {
    for (const action of ["set-disabled", "clear-disabled", "execute-deletion"] as const) {
      for (const target of Object.values(targets)) {
        expect(can({ ...actor, role }, action, target).allowed).toBe(false);
      }
    }
  }
});

test("whoever administers a place exports its people; helpdesk, users and the system do not", () => {
  const may = (relation: Relation) =>
    roles.filter((role) => can({ ...actor, role }, "export-people", targets[relation]).allowed);
  const [system, authority, manager] = roles;
  expect(may("own-organisation")).toEqual([system, authority, manager]);
  expect(may("own-authority")).toEqual([system, authority]);
  expect(may("elsewhere")).toEqual([system]);
});

test("only an authority administrator deletes an organisation, only a system administrator an authority", () => {
  const may = (action: "delete-organisation" | "delete-authority") =>
    roles.filter((role) => can({ ...actor, role }, action, targets["own-authority"]).allowed);
  expect(may("delete-organisation")).toEqual(["authority-administrator"]);
  expect(may("delete-authority")).toEqual(["system-administrator"]);
});

test("system administrators touch no keys", () => {
  const system: Actor = { ...actor, role: "system-administrator" };
  for (const target of Object.values(targets)) expect(can(system, "edit-keys", target).allowed).toBe(false);
});

const office: Place = { organisationId: "office", authorityId: null, office: "installation" };
const authority: Place = { organisationId: "board", authorityId: "civil-aviation", office: "authority" };
const north: Place = { organisationId: "north-wind", authorityId: "civil-aviation", office: "none" };
const south: Place = { ...north, organisationId: "south-wind" };
const foreign: Place = { organisationId: "other-board", authorityId: "accident-board", office: "authority" };

test("whoever holds a role lives where it holds or above, so that whoever administers the people gains nothing", () => {
  const homes = { office, authority, north, south, foreign };
  const those = (place: Place) =>
    Object.entries(homes)
      .filter(([, home]) => isAtOrAbove(home, place))
      .map(([name]) => name);
  expect(those(office)).toEqual(["office"]);
  expect(those(authority)).toEqual(["office", "authority"]);
  expect(those(north)).toEqual(["office", "authority", "north"]);
});

test("nobody appoints to a role above the own one: no place where it holds is in reach", () => {
  const actors = {
    "system-administrator": { ...office, role: "system-administrator" },
    "authority-administrator": { ...authority, role: "authority-administrator" },
    "organisation-manager": { ...north, role: "organisation-manager" },
    helpdesk: { ...north, role: "helpdesk" },
    user: { ...north, role: "user" },
  } as const;
  const places = [office, authority, north, south, foreign];
  const appoints = Object.entries(actors).map(([name, one]) => {
    const as = [{ ...one, organisationId: one.organisationId ?? "", userId: "somebody" }];
    const at = { userId: "bo", isLastAdministrator: false };
    const within = places.filter((place) => canAppoint(as, "grant-role", { ...place, ...at }).allowed);
    const granted = Object.entries(holdsIn).filter(([, kind]) =>
      within.some((place) => place.office === kind),
    );
    return [name, granted.map(([role]) => role), within.map(({ organisationId }) => organisationId)];
  });
  const all = ["system-administrator", "authority-administrator", "organisation-manager", "helpdesk"];
  expect(appoints).toEqual([
    ["system-administrator", all, ["office", "board", "north-wind", "south-wind", "other-board"]],
    ["authority-administrator", all.slice(1), ["board", "north-wind", "south-wind"]],
    ["organisation-manager", all.slice(2), ["north-wind"]],
    ["helpdesk", [], []],
    ["user", [], []],
  ]);
});

test("nobody is given a role by themselves; the own one can be given back, unless it is the last", () => {
  const mine = { ...somebody, userId: actor.userId };
  expect(canAppoint([actor], "grant-role", mine).rule).toBe("not-self");
  expect(canAppoint([actor], "withdraw-role", mine).rule).toBe("granted");
  const last = { ...mine, isLastAdministrator: true };
  expect(canAppoint([actor], "withdraw-role", last).rule).toBe("not-last-administrator");
  // Elsewhere oneself is nobody in particular.
  const elsewhere = { ...mine, ...south };
  expect(canAppoint([actor], "withdraw-role", elsewhere).rule).toBe("out-of-scope");
});
