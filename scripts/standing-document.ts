// The tables in docs/standing.md, from the very data that the product runs on.

import { format, resolveConfig } from "prettier";

import {
  accountAfter,
  accountEvents,
  accountReasonCodes,
  accountReasonsOf,
  accountStates,
  accountStateOf,
  accountStatuses,
  accountStatusOf,
  actions,
  activationCodes,
  directoryAccounts,
  encryptionReasonCodes,
  encryptionReasonsOf,
  encryptionStatuses,
  encryptionStatusOf,
  everyAccountFacts,
  everyEncryptionFacts,
  permissions,
  roles,
  seatStates,
  steps,
  type AccountReason,
  type AccountState,
  type EncryptionReason,
  type Guard,
  type Role,
  type Scope,
} from "../packages/core/src/index.ts";
import { textOf } from "./repository.ts";

const file = "docs/standing.md";

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const code = (text: string) => `\`${text}\``;
const codes = (texts: Iterable<string>) => [...texts].map(code).join(", ");

function statuses(): string {
  const rows = Object.entries(encryptionStatuses).map(([status, { label, colour }], at) => [
    String(at + 1),
    code(status),
    label,
    colour,
  ]);
  return table(["", "Status", "Shown as", "Colour"], rows);
}

function accountStatusTable(): string {
  return table(
    ["", "Status", "Shown as"],
    Object.entries(accountStatuses).map(([status, { label }], at) => [String(at + 1), code(status), label]),
  );
}

/** A reason as it was met: with the status it gave when it stood alone, and every step it ever advised. */
interface Met {
  readonly sentence: string;
  readonly alone: Set<string>;
  readonly steps: Set<string>;
}

function meet(
  met: Map<string, Met>,
  reasons: readonly (EncryptionReason | AccountReason)[],
  status: string,
): void {
  for (const { code, sentence, step } of reasons) {
    const reason = met.get(code) ?? { sentence, alone: new Set(), steps: new Set() };
    if (reasons.length === 1) reason.alone.add(status);
    if (step !== null) reason.steps.add(step);
    met.set(code, reason);
  }
}

/** @param wellStatus the status of those for whom nothing speaks: who has it owes it to no reason. */
function reasonTable(met: ReadonlyMap<string, Met>, order: readonly string[], wellStatus: string): string {
  const rows = order.map((name) => {
    const { sentence, alone, steps } = met.get(name) ?? { sentence: "", alone: [], steps: [] };
    const gives = [...alone].filter((status) => status !== wellStatus);
    return [code(name), sentence, codes(gives) || "–", codes(steps) || "–"];
  });
  return table(["Reason", "Says", "Gives", "Step"], rows);
}

function encryptionReasons(): string {
  const met = new Map<string, Met>();
  for (const facts of everyEncryptionFacts()) {
    const advice = directoryAccounts
      .flatMap((directoryAccount) =>
        activationCodes.map((activationCode) => ({ directoryAccount, activationCode })),
      )
      .flatMap((each) => seatStates.map((seats) => ({ ...each, seats })));
    for (const each of advice) {
      meet(met, encryptionReasonsOf({ ...facts, ...each }), encryptionStatusOf(facts));
    }
  }
  return reasonTable(met, encryptionReasonCodes, "active");
}

function accountReasons(): string {
  const met = new Map<string, Met>();
  for (const facts of everyAccountFacts()) meet(met, accountReasonsOf(facts), accountStatusOf(facts));
  return reasonTable(met, accountReasonCodes, "enabled");
}

function stepTable(): string {
  const rows = Object.entries(steps).map(([step, { who, sentence, then }]) => [
    code(step),
    who,
    sentence,
    then,
  ]);
  return table(["Step", "Who", "What to do", "What follows"], rows);
}

function transitions(): string {
  const states = Object.keys(accountStates) as AccountState[];
  const rows = accountEvents.map((event) => {
    const cells = states.map((state) => {
      const outcome = accountAfter(accountStates[state], event);
      return "marks" in outcome ? `→ ${accountStateOf(outcome.marks)}` : code(outcome.refused);
    });
    return [code(event), ...cells];
  });
  return table(["Event", ...states], rows);
}

function permissionTable(): string {
  const rows = actions.map((action) => {
    const permission: { grants: Partial<Record<Role, Scope>>; guards?: readonly Guard[] } =
      permissions[action];
    const cells = roles.map((role) => permission.grants[role] ?? "–");
    return [code(action), ...cells, codes(permission.guards ?? []) || "–"];
  });
  return table(["Action", ...roles, "Except"], rows);
}

const parts: Readonly<Record<string, () => string>> = {
  statuses,
  reasons: encryptionReasons,
  steps: stepTable,
  "account statuses": accountStatusTable,
  "account reasons": accountReasons,
  "account transitions": transitions,
  permissions: permissionTable,
};

/** The document with each part between its markers written anew. @throws TypeError when the two do not pair up. */
export async function standingDocument(): Promise<string> {
  const lost = Object.keys(parts).filter((name) => !textOf(file).includes(`<!-- generated: ${name} -->`));
  if (lost.length > 0) throw new TypeError(`${file} has no place for ${lost.join(", ")}`);
  const written = textOf(file).replaceAll(
    /(<!-- generated: ([a-z ]+) -->\n)[^]*?(<!-- end -->)/g,
    (_, start: string, name: string, end: string) => {
      const part = parts[name];
      if (part === undefined) throw new TypeError(`${file} has a part "${name}" that nobody writes`);
      return `${start}\n${part()}\n\n${end}`;
    },
  );
  const options = await resolveConfig(new URL(`../${file}`, import.meta.url));
  return format(written, { ...options, parser: "markdown" });
}
