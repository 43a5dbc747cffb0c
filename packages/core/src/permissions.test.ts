import { expect, test } from "vitest";

import { actions, can, relations, roles, type Actor, type Relation, type Target } from "./permissions.ts";

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
