// Shapes that several nouns have in common.

import {
  isId,
  parsePolicy,
  policySettingCodes,
  policySettings,
  type Id,
  type PolicySetting,
  type PolicyValue,
} from "@lockstep/core";
import { z } from "zod";

/** A UUID in lower case, as the id of a noun. */
export function id<Noun extends string>(): z.ZodType<Id<Noun>, string> {
  return z.custom<Id<Noun>>(isId, "expected a UUID in lower case");
}

export const nothing = z.strictObject({});

/** Query parameters arrive as text. */
export const truth = z.enum(["true", "false"]).transform((text) => text === "true");

const values = Object.fromEntries(
  policySettingCodes.map((code) => {
    const setting = policySettings[code];
    switch (setting.type) {
      case "choice":
        return [code, z.enum(setting.values).exactOptional()];
      case "number":
        return [code, z.int().min(setting.least).max(setting.most).exactOptional()];
      case "truth":
        return [code, z.boolean().exactOptional()];
    }
  }),
) as Record<PolicySetting, z.ZodExactOptional<z.ZodType<PolicyValue, PolicyValue>>>;

/** The settings that one level sets itself; unknown settings and values out of bounds are refused. */
export const policy = z.strictObject(values).transform(parsePolicy);
