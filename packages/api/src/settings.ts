// The two catalogues of policy settings on the wire.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { nothing, policyValue } from "./shapes.ts";

const setting = z
  .object({
    code: z.string(),
    description: z.string(),
    type: z.enum(["choice", "number", "truth"]),
    default: policyValue,
    values: z.array(z.string()).optional().describe("Of a choice."),
    unit: z.string().optional().describe("Of a number: what it counts."),
    least: z.number().optional().describe("Of a number: inclusive."),
    most: z.number().optional().describe("Of a number: inclusive."),
  })
  .meta({ id: "Setting", description: "A setting that a policy can have." });

export const listSettings = endpoint({
  method: "GET",
  path: "/settings",
  summary: "Every setting that a policy of a team or of a workstation team can have.",
  needs: "sign-in",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: z.object({ team: z.array(setting), workstationTeam: z.array(setting) }),
  refuses: [],
});
