// Authorities on the wire.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, name, nothing } from "./shapes.ts";

export const authority = z
  .object({
    id: id<"authority">(),
    name: z.string(),
    officeId: id<"organisation">().describe("The organisation in which the authority's own people live."),
    state: z.enum(["enabled", "deleted"]),
    revision: z.int().describe("Counts up with each organisation that is made or deleted in it."),
  })
  .meta({ id: "Authority", description: "The container of organisations." });
export type Authority = z.output<typeof authority>;

export const listAuthorities = endpoint({
  method: "GET",
  path: "/authorities",
  summary: "Every authority of the installation, by name.",
  needs: "read-installation",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: z.object({ authorities: z.array(authority) }),
  refuses: [],
});

export const createAuthority = endpoint({
  method: "POST",
  path: "/authorities",
  summary: "Creates an authority, with the office in which its own people live.",
  needs: "create-authority",
  params: nothing,
  query: nothing,
  body: z.strictObject({ name }),
  reply: authority,
  refuses: ["name_taken", "root_key_missing", "root_key_wrong"],
  creates: true,
});
