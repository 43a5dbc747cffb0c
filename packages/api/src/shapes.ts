// Shapes that several nouns have in common.

import {
  isId,
  parsePolicy,
  parseWorkstationPolicy,
  policySettings,
  workstationSettings,
  type Id,
  type PolicyValue,
  type Setting,
} from "@lockstep/core";
import { z } from "zod";

/** A UUID in lower case, as the id of a noun. */
export function id<Noun extends string>(): z.ZodType<Id<Noun>, string> {
  return z.custom<Id<Noun>>(isId, "expected a UUID in lower case").meta({ type: "string", format: "uuid" });
}

export const nothing = z.strictObject({});

/** Query parameters arrive as text. */
export const truth = z.enum(["true", "false"]).transform((text) => text === "true");

export const name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]*$/u, "expected one line")
  .describe("One line; spaces around it are taken away.");

/** Words of somebody's own. One line: they are also shown in terminals. */
export const line = z
  .string()
  .trim()
  .min(1)
  .max(1000)
  .regex(/^[^\p{Cc}]*$/u, "expected one line");

export const username = z
  .string()
  .trim()
  .toLowerCase()
  .min(1)
  .max(200)
  .regex(/^[^\s\p{Cc}]*$/u, "expected no spaces")
  .describe("Known in lower case only. It is never changed and never given again.");

/** Length is what counts (NIST SP 800-63B §3.1.1): no rules of composition, any character. */
export const password = z.string().min(12, "expected 12 characters or more").max(1000);

/** Whoever sits down at somebody's open browser must not undo what protects the account, nor delete anything. */
export const ownPassword = z
  .string()
  .max(1000)
  .nullable()
  .describe("The own password once more. Null for who has none here and has signed in just now.");

/** With what an endpoint refuses that asks for `ownPassword`. */
export const ownPasswordRefuses = [
  "sign_in_failed",
  "sign_in_locked",
  "sign_in_busy",
  "fresh_sign_in_required",
] as const;

export const email = z.email().max(254);

export const revision = z.int().min(1).describe("Counts up with each change; also the ETag.");

export const inOrganisation = z.object({ organisationId: id<"organisation">() });
export const ofTeam = z.object({ organisationId: id<"organisation">(), teamId: id<"team">() });
export const ofUser = z.object({ organisationId: id<"organisation">(), userId: id<"user">() });

function settingsOf<Code extends string>(
  catalogue: Readonly<Record<Code, Setting>>,
): Record<Code, z.ZodExactOptional<z.ZodType<PolicyValue, PolicyValue>>> {
  const entries = Object.entries<Setting>(catalogue).map(([code, setting]) => {
    const { description } = setting;
    switch (setting.type) {
      case "choice":
        return [code, z.enum(setting.values).meta({ description }).exactOptional()];
      case "number":
        return [code, z.int().min(setting.least).max(setting.most).meta({ description }).exactOptional()];
      case "truth":
        return [code, z.boolean().meta({ description }).exactOptional()];
    }
  });
  return Object.fromEntries(entries) as Record<Code, z.ZodExactOptional<z.ZodType<PolicyValue, PolicyValue>>>;
}

/** Unknown settings and values out of bounds are refused. */
export const policy = z
  .strictObject(settingsOf(policySettings))
  .transform(parsePolicy)
  .meta({ id: "Policy", description: "The settings that one team sets itself; the others are inherited." });

export const workstationPolicy = z
  .strictObject(settingsOf(workstationSettings))
  .transform(parseWorkstationPolicy)
  .meta({
    id: "WorkstationPolicy",
    description: "The settings that one workstation team sets itself; the others are inherited.",
  });

export const policyValue = z.union([z.string(), z.number(), z.boolean()]);

export const origin = z
  .object({ id: id<"team">(), name: z.string() })
  .meta({ id: "Origin", description: "The team from which something is inherited." });
